"""Reports know whose service and which place they are about, and how they were answered; the board has states."""

import django.db.models.deletion
from django.db import migrations, models


CONDUCT = ("asked_for_money", "harassed", "refused", "unsafe")


def fill(apps, schema_editor):
    """No verb has written a report so far; should a row stand all the same, it is not lost."""
    reports = apps.get_model("directory", "Report").objects.using(schema_editor.connection.alias)
    for row in reports.select_related("service"):
        row.organization_id, row.conduct = row.service.organization_id, row.kind in CONDUCT
        if row.state == "answered":
            row.outcome = "not_ours"
        row.save()


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0004_asking'),
        ('people', '0003_statement'),
        ('places', '0002_boundaries'),
    ]

    operations = [
        migrations.AddField(
            model_name='missingservice',
            name='category',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.category'),
        ),
        migrations.AddField(
            model_name='missingservice',
            name='state',
            field=models.CharField(choices=[('open', 'Open'), ('taken_up', 'Taken Up'), ('answered', 'Answered'), ('dropped', 'Dropped')], default='open', max_length=10),
        ),
        migrations.AddField(
            model_name='report',
            name='answer_lang',
            field=models.CharField(blank=True, max_length=8),
        ),
        migrations.AddField(
            model_name='report',
            name='answered_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='report',
            name='area',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.area'),
        ),
        migrations.AddField(
            model_name='report',
            name='organization',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organization'),
        ),
        migrations.AddField(
            model_name='report',
            name='outcome',
            field=models.CharField(blank=True, choices=[('fixed', 'It was wrong. It is corrected now.'), ('still_right', 'We looked again. It is right as it stands.'), ('acted', 'It was taken up, and something was done.'), ('not_ours', 'We cannot do this here. Somebody else can.')], max_length=12),
        ),
        migrations.AlterField(
            model_name='report',
            name='kind',
            field=models.CharField(choices=[('closed', 'It is closed or no longer there'), ('wrong_phone', 'The phone number is wrong'), ('moved', 'It has moved'), ('wrong_hours', 'The hours are wrong'), ('asked_for_money', 'I was asked for money or a favour'), ('harassed', 'I was harassed or threatened'), ('refused', 'I was refused help unfairly'), ('unsafe', 'I do not feel safe there')], max_length=20),
        ),
        migrations.AlterField(
            model_name='report',
            name='service',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directory.service'),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
        migrations.AlterField(
            model_name='report',
            name='organization',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.organization'),
        ),
        migrations.AddIndex(
            model_name='missingservice',
            index=models.Index(fields=['state', 'created_at'], name='missing_board'),
        ),
        migrations.AddIndex(
            model_name='report',
            index=models.Index(fields=['service', 'conduct', 'state'], name='report_of_service'),
        ),
        migrations.AddIndex(
            model_name='report',
            index=models.Index(condition=models.Q(('sender', ''), _negated=True), fields=['created_at'], name='report_with_sender'),
        ),
        migrations.AddConstraint(
            model_name='missingservice',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['open', 'taken_up', 'answered', 'dropped'])), name='missing_state'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('conduct', True), ('kind__in', ('asked_for_money', 'harassed', 'refused', 'unsafe'))), models.Q(('conduct', False), ('kind__in', ('closed', 'wrong_phone', 'moved', 'wrong_hours'))), _connector='OR'), name='report_conduct'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('outcome__in', ['fixed', 'still_right', 'acted', 'not_ours']), ('state', 'answered')), models.Q(models.Q(('state', 'answered'), _negated=True), ('outcome', '')), _connector='OR'), name='report_outcome'),
        ),
    ]
