from django.db import migrations, models
from django.db.models.functions import Lower


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0004_removed_holidays'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='user',
            constraint=models.UniqueConstraint(
                Lower('email'),
                condition=models.Q(('is_active', True), models.Q(('email', ''), _negated=True)),
                name='user_email_once',
            ),
        ),
    ]
