"""Every service gets its short code; rows that stand already get theirs here, the oldest first."""

from itertools import islice

from django.db import migrations, models
from django.db.models import Q

from sympolity.kit import codes

BATCH = 500  # rows in one statement


def fill(apps, schema_editor):
    service = apps.get_model("directory", "Service")
    rows = service.objects.using(schema_editor.connection.alias)
    taken = set(rows.exclude(code="").values_list("code", flat=True))
    ids = iter(list(rows.filter(code="").order_by("created_at", "id").values_list("id", flat=True)))
    while batch := list(islice(ids, BATCH)):
        changed = []
        for one in batch:
            made = (codes.make(one, attempt) for attempt in range(codes.ATTEMPTS))
            code = next(code for code in made if code not in taken)
            taken.add(code)
            changed.append(service(id=one, code=code))
        rows.bulk_update(changed, ["code"])


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0002_clock_and_reach'),
    ]

    operations = [
        migrations.AddField(
            model_name='service',
            name='code',
            field=models.CharField(blank=True, default="", max_length=9),
            preserve_default=False,
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=False),
        migrations.AddConstraint(
            model_name='service',
            constraint=models.UniqueConstraint(condition=~Q(code=""), fields=('code',), name='service_code'),
        ),
    ]
