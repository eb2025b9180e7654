"""The truth clock: who is asked when whether a service is still as it stands here, and what they answer.

``steps`` are the rules, ``asking`` sends, ``links`` and ``answers`` take what comes back, ``calls`` is what is left for
a person at the coordination centre, ``figures`` tells everybody how true the directory is (domain.md, Confirmation).
"""
