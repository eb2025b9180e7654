"""Askings of the truth clock, and what was said of each service."""

import uuid

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

OPEN = ["asked", "reminded", "second", "calling"]
ENDED = ["answered", "withdrawn"]


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0003_service_code'),
        ('people', '0003_statement'),
    ]

    operations = [
        migrations.CreateModel(
            name='Asking',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(choices=[('asked', 'Asked'), ('reminded', 'Reminded'), ('second', 'Second'), ('calling', 'Calling'), ('answered', 'Answered'), ('withdrawn', 'Withdrawn')], default='asked', max_length=10)),
                ('began_at', models.DateTimeField()),
                ('step_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organization')),
            ],
            options={
                'indexes': [models.Index(fields=['state', 'step_at'], name='asking_step')],
                'constraints': [
                    models.CheckConstraint(condition=Q(('state__in', OPEN + ENDED)), name='asking_state'),
                    models.CheckConstraint(condition=Q(('ended_at__isnull', True), ('state__in', OPEN)) | Q(('ended_at__isnull', False), ('state__in', ENDED)), name='asking_ended'),
                    models.UniqueConstraint(condition=Q(('state__in', OPEN)), fields=('organization',), name='asking_one_open'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Reply',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('said', models.CharField(choices=[('still_true', 'Still True'), ('hours_changed', 'Hours Changed'), ('changed', 'Changed'), ('closed', 'Closed'), ('no_answer', 'No Answer')], max_length=14)),
                ('how', models.CharField(choices=[('link', 'Link'), ('desk', 'Desk'), ('phone', 'Phone'), ('visit', 'Visit'), ('partner', 'Partner')], max_length=10)),
                ('held', models.BooleanField(default=False)),
                ('proposal', models.UUIDField(blank=True, null=True)),
                ('by_person', models.UUIDField(blank=True, null=True)),
                ('at', models.DateTimeField()),
                ('asking', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='replies', to='directory.asking')),
                ('service', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='directory.service')),
            ],
            options={
                'indexes': [models.Index(fields=['asking', 'service', 'at'], name='reply_latest')],
                'constraints': [
                    models.CheckConstraint(condition=Q(('said__in', ['still_true', 'hours_changed', 'changed', 'closed', 'no_answer'])), name='reply_said'),
                    models.CheckConstraint(condition=Q(('how__in', ['link', 'phone'])), name='reply_how'),
                ],
            },
        ),
    ]
