import cases.clock
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0006_case_period'),
    ]

    operations = [
        migrations.CreateModel(
            name='ImportRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=30, verbose_name='kind')),
                ('language', models.CharField(choices=[('th', 'Thai'), ('lo', 'Lao'), ('en', 'English')], max_length=5)),
                ('file', models.FileField(max_length=200, upload_to='')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('sha256', models.CharField(max_length=64)),
                ('notes', models.JSONField(default=dict)),
                ('headings', models.JSONField(default=list)),
                ('status', models.CharField(choices=[('CHECKING', 'Being checked'), ('CHECKED', 'Checked, not imported yet'), ('RUNNING', 'Being imported'), ('DONE', 'Imported'), ('FAILED', 'Stopped by a fault')], default='CHECKING', max_length=10, verbose_name='status')),
                ('total', models.PositiveIntegerField(verbose_name='lines')),
                ('position', models.PositiveIntegerField(default=0, help_text='last line that is through')),
                ('done', models.PositiveIntegerField(default=0, help_text='lines that are through')),
                ('added', models.PositiveIntegerField(default=0)),
                ('changed', models.PositiveIntegerField(default=0)),
                ('unchanged', models.PositiveIntegerField(default=0)),
                ('refused', models.PositiveIntegerField(default=0)),
                ('preview', models.JSONField(default=list)),
                ('predicted', models.JSONField(default=dict)),
                ('moved_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField(default=cases.clock.now)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.area')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'import',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='RefusedLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('cells', models.JSONField()),
                ('reasons', models.JSONField()),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='refused_lines', to='cases.importrun')),
            ],
            options={
                'ordering': ['run', 'number'],
            },
        ),
        migrations.AddIndex(
            model_name='importrun',
            index=models.Index(condition=models.Q(('status__in', ['CHECKING', 'RUNNING'])), fields=['id'], name='import_going_on'),
        ),
        migrations.AddConstraint(
            model_name='refusedline',
            constraint=models.UniqueConstraint(fields=('run', 'number'), name='refused_line_once'),
        ),
    ]
