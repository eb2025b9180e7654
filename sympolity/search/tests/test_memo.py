"""What is kept is bounded: the least lately asked goes first."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from sympolity.search.memo import Kept


def test_the_least_lately_asked_goes_first() -> None:
    kept: Kept[str, int] = Kept(2)
    kept.put("a", 1)
    kept.put("b", 2)
    assert kept.get("a") == 1
    kept.put("c", 3)
    assert [kept.get(name) for name in "abc"] == [1, None, 3]


def test_a_value_is_made_once_while_it_is_held() -> None:
    kept: Kept[str, list[int]] = Kept(2)
    first = kept.of("a", lambda: [1])
    assert kept.of("a", lambda: [2]) is first
    kept.clear()
    assert kept.of("a", lambda: [2]) == [2]


def test_threads_never_find_more_than_is_kept() -> None:
    kept: Kept[int, int] = Kept(10)

    def work(start: int) -> bool:
        return all(kept.of(at % 37, lambda at=at: at % 37) == at % 37 for at in range(start, start + 2000))  # type: ignore[misc]

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(work, range(4)))
    assert len(kept) == 10
