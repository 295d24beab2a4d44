from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("cases", "0005_user_email_once")]

    operations = [
        migrations.AddField(
            model_name="case",
            name="period",
            field=models.DateField(blank=True, null=True, verbose_name="month"),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.UniqueConstraint(
                condition=models.Q(("period__isnull", False)),
                fields=("party", "procedure", "period"),
                name="case_once_a_period",
            ),
        ),
    ]
