"""A household is asked for as it was known at any moment, not only now (世帯の時点照会)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("residents", "0003_acts")]

    operations = [
        migrations.RemoveIndex(model_name="period", name="period_by_household_now"),
        migrations.AddIndex(
            model_name="period",
            index=models.Index(fields=["municipality", "household"], name="period_by_household"),
        ),
    ]
