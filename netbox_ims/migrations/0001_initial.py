import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import netbox.models.deletion
import netbox_ims.models.fields
import netbox_ims.models.mixins
import taggit.managers
import utilities.fields
import utilities.json
from django.conf import settings
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models


class EnsureTrigramExtension(TrigramExtension):
    """PostgreSQL's pg_trgm, for searching names; left in place on the way back, since others may use it by then."""

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        pass


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('contenttypes', '0002_remove_content_type_name'),
        ('dcim', '0251_fix_ltree_cascade_triggers'),
        ('extras', '0144_customfield_status'),
        ('tenancy', '0027_fix_ltree_cascade_triggers'),
        ('users', '0016_default_ordering_indexes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        EnsureTrigramExtension(),
        migrations.CreateModel(
            name='BusinessFunction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ('created', models.DateTimeField(auto_now_add=True, null=True)),
                ('last_updated', models.DateTimeField(auto_now=True, null=True)),
                ('custom_field_data', models.JSONField(blank=True, default=dict, encoder=utilities.json.CustomFieldJSONEncoder)),
                ('description', models.CharField(blank=True, max_length=200)),
                ('comments', models.TextField(blank=True)),
                ('name', models.CharField(db_collation='natural_sort', max_length=100, unique=True)),
                ('slug', models.SlugField(max_length=100, unique=True)),
                ('criticality', models.CharField(blank=True, max_length=20, null=True)),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='users.owner')),
                ('tags', taggit.managers.TaggableManager(through='extras.TaggedItem', to='extras.Tag')),
            ],
            options={
                'verbose_name': 'business function',
                'verbose_name_plural': 'business functions',
                'ordering': ('name',),
                'abstract': False,
            },
            bases=(netbox.models.deletion.DeleteMixin, models.Model),
        ),
        migrations.CreateModel(
            name='Classification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ('created', models.DateTimeField(auto_now_add=True, null=True)),
                ('last_updated', models.DateTimeField(auto_now=True, null=True)),
                ('custom_field_data', models.JSONField(blank=True, default=dict, encoder=utilities.json.CustomFieldJSONEncoder)),
                ('name', models.CharField(max_length=100, unique=True)),
                ('slug', models.SlugField(max_length=100, unique=True)),
                ('description', models.CharField(blank=True, max_length=200)),
                ('comments', models.TextField(blank=True)),
                ('level', models.PositiveSmallIntegerField(unique=True)),
                ('color', utilities.fields.ColorField(default='1565c0', max_length=6)),
                ('handling', models.TextField(blank=True)),
                ('review_interval_days', models.PositiveIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1)])),
                ('requires_security_review', models.BooleanField(default=False)),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='users.owner')),
                ('tags', taggit.managers.TaggableManager(through='extras.TaggedItem', to='extras.Tag')),
            ],
            options={
                'verbose_name': 'classification',
                'verbose_name_plural': 'classifications',
                'ordering': ('level',),
            },
            bases=(netbox.models.deletion.DeleteMixin, models.Model),
        ),
        migrations.CreateModel(
            name='AssetProfile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ('created', models.DateTimeField(auto_now_add=True, null=True)),
                ('last_updated', models.DateTimeField(auto_now=True, null=True)),
                ('custom_field_data', models.JSONField(blank=True, default=dict, encoder=utilities.json.CustomFieldJSONEncoder)),
                ('description', models.CharField(blank=True, max_length=200)),
                ('comments', models.TextField(blank=True)),
                ('object_id', models.PositiveBigIntegerField()),
                ('confidentiality', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(4)])),
                ('integrity', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(4)])),
                ('availability', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(4)])),
                ('is_information_asset', models.BooleanField(blank=True, null=True)),
                ('handles_sensitive_data', models.BooleanField(blank=True, null=True)),
                ('processes_personal_data', models.BooleanField(blank=True, null=True)),
                ('data_categories', models.CharField(blank=True, max_length=200)),
                ('rto_minutes', netbox_ims.models.fields.MinutesField(blank=True, null=True)),
                ('rpo_minutes', netbox_ims.models.fields.MinutesField(blank=True, null=True)),
                ('last_reviewed', models.DateField(blank=True, null=True)),
                ('review_due', models.DateField(blank=True, null=True)),
                ('classification_override', models.BooleanField(default=False)),
                ('override_justification', models.TextField(blank=True)),
                ('asset_owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='tenancy.contact')),
                ('object_type', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contenttypes.contenttype')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='users.owner')),
                ('tags', taggit.managers.TaggableManager(through='extras.TaggedItem', to='extras.Tag')),
                ('classification', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='profiles', to='netbox_ims.classification')),
            ],
            options={
                'verbose_name': 'asset profile',
                'verbose_name_plural': 'asset profiles',
                'ordering': ('object_type', 'object_id'),
            },
            bases=(netbox_ims.models.mixins.AboutCIMixin, netbox_ims.models.mixins.ReviewedMixin, netbox.models.deletion.DeleteMixin, models.Model),
        ),
        migrations.CreateModel(
            name='ClassificationRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ('created', models.DateTimeField(auto_now_add=True, null=True)),
                ('last_updated', models.DateTimeField(auto_now=True, null=True)),
                ('custom_field_data', models.JSONField(blank=True, default=dict, encoder=utilities.json.CustomFieldJSONEncoder)),
                ('description', models.CharField(blank=True, max_length=200)),
                ('comments', models.TextField(blank=True)),
                ('name', models.CharField(db_collation='natural_sort', max_length=100, unique=True)),
                ('weight', models.PositiveSmallIntegerField(default=100)),
                ('enabled', models.BooleanField(default=True)),
                ('filter', models.JSONField(blank=True)),
                ('mode', models.CharField(default='suggest', max_length=20)),
                ('is_information_asset', models.BooleanField(blank=True, null=True)),
                ('handles_sensitive_data', models.BooleanField(blank=True, null=True)),
                ('processes_personal_data', models.BooleanField(blank=True, null=True)),
                ('classification', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='rules', to='netbox_ims.classification')),
                ('object_type', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contenttypes.contenttype')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='users.owner')),
                ('tags', taggit.managers.TaggableManager(through='extras.TaggedItem', to='extras.Tag')),
            ],
            options={
                'verbose_name': 'classification rule',
                'verbose_name_plural': 'classification rules',
                'ordering': ('weight', 'name'),
                'permissions': [('run', 'Run classification rules')],
            },
            bases=(netbox_ims.models.mixins.AboutCIMixin, netbox.models.deletion.DeleteMixin, models.Model),
        ),
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ('object_id', models.PositiveBigIntegerField()),
                ('name', models.CharField(blank=True, max_length=255)),
                ('user_name', models.CharField(blank=True, max_length=150)),
                ('time', models.DateTimeField()),
                ('reason', models.TextField(blank=True)),
                ('action', models.CharField(max_length=20)),
                ('old_values', models.JSONField(default=dict)),
                ('new_values', models.JSONField(default=dict)),
                ('basis', models.JSONField(default=dict)),
                ('object_type', netbox_ims.models.fields.LooseForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='contenttypes.contenttype')),
                ('user', netbox_ims.models.fields.LooseForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'decision',
                'verbose_name_plural': 'decisions',
                'ordering': ('-time', '-pk'),
                'abstract': False,
                'default_permissions': ('view',),
            },
            bases=(netbox_ims.models.mixins.AboutCIMixin, models.Model),
        ),
        migrations.CreateModel(
            name='Dependency',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ('created', models.DateTimeField(auto_now_add=True, null=True)),
                ('last_updated', models.DateTimeField(auto_now=True, null=True)),
                ('custom_field_data', models.JSONField(blank=True, default=dict, encoder=utilities.json.CustomFieldJSONEncoder)),
                ('description', models.CharField(blank=True, max_length=200)),
                ('comments', models.TextField(blank=True)),
                ('dependent_object_id', models.PositiveBigIntegerField()),
                ('provider_object_id', models.PositiveBigIntegerField()),
                ('holds_data', models.BooleanField(default=False)),
                ('redundancy_group', models.CharField(blank=True, max_length=50)),
                ('dependent_object_type', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contenttypes.contenttype')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='users.owner')),
                ('provider_object_type', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contenttypes.contenttype')),
                ('tags', taggit.managers.TaggableManager(through='extras.TaggedItem', to='extras.Tag')),
            ],
            options={
                'verbose_name': 'dependency',
                'verbose_name_plural': 'dependencies',
                'ordering': ('pk',),
            },
            bases=(netbox.models.deletion.DeleteMixin, models.Model),
        ),
        migrations.CreateModel(
            name='InformationAsset',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ('created', models.DateTimeField(auto_now_add=True, null=True)),
                ('last_updated', models.DateTimeField(auto_now=True, null=True)),
                ('custom_field_data', models.JSONField(blank=True, default=dict, encoder=utilities.json.CustomFieldJSONEncoder)),
                ('description', models.CharField(blank=True, max_length=200)),
                ('comments', models.TextField(blank=True)),
                ('name', models.CharField(db_collation='natural_sort', max_length=100, unique=True)),
                ('slug', models.SlugField(max_length=100, unique=True)),
                ('status', models.CharField(default='active', max_length=50)),
                ('custodian', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='tenancy.contact')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='users.owner')),
                ('tags', taggit.managers.TaggableManager(through='extras.TaggedItem', to='extras.Tag')),
            ],
            options={
                'verbose_name': 'information asset',
                'verbose_name_plural': 'information assets',
                'ordering': ('name',),
            },
            bases=(netbox.models.deletion.DeleteMixin, models.Model),
        ),
        migrations.CreateModel(
            name='ITService',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ('created', models.DateTimeField(auto_now_add=True, null=True)),
                ('last_updated', models.DateTimeField(auto_now=True, null=True)),
                ('custom_field_data', models.JSONField(blank=True, default=dict, encoder=utilities.json.CustomFieldJSONEncoder)),
                ('description', models.CharField(blank=True, max_length=200)),
                ('comments', models.TextField(blank=True)),
                ('name', models.CharField(db_collation='natural_sort', max_length=100, unique=True)),
                ('slug', models.SlugField(max_length=100, unique=True)),
                ('status', models.CharField(default='active', max_length=50)),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='users.owner')),
                ('tags', taggit.managers.TaggableManager(through='extras.TaggedItem', to='extras.Tag')),
                ('tenants', models.ManyToManyField(blank=True, related_name='+', to='tenancy.tenant')),
            ],
            options={
                'verbose_name': 'IT service',
                'verbose_name_plural': 'IT services',
                'ordering': ('name',),
                'abstract': False,
            },
            bases=(netbox.models.deletion.DeleteMixin, models.Model),
        ),
        migrations.CreateModel(
            name='RegisterEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ('object_id', models.PositiveBigIntegerField()),
                ('name', models.CharField(blank=True, db_collation='natural_sort', max_length=255)),
                ('status', models.CharField(max_length=50, null=True)),
                ('is_information_asset', models.BooleanField(null=True)),
                ('handles_sensitive_data', models.BooleanField(null=True)),
                ('processes_personal_data', models.BooleanField(null=True)),
                ('rto_minutes', netbox_ims.models.fields.MinutesField(blank=True, null=True)),
                ('rpo_minutes', netbox_ims.models.fields.MinutesField(blank=True, null=True)),
                ('review_due', models.DateField(null=True)),
                ('classification_override', models.BooleanField(default=False)),
                ('effective_classification_source_id', models.PositiveBigIntegerField(null=True)),
                ('effective_complete', models.BooleanField(default=False)),
                ('effective_handles_sensitive_data', models.BooleanField(null=True)),
                ('effective_processes_personal_data', models.BooleanField(null=True)),
                ('required_rto_minutes', netbox_ims.models.fields.MinutesField(blank=True, null=True)),
                ('required_rto_source_id', models.PositiveBigIntegerField(null=True)),
                ('required_rpo_minutes', netbox_ims.models.fields.MinutesField(blank=True, null=True)),
                ('required_rpo_source_id', models.PositiveBigIntegerField(null=True)),
                ('effective_rto_minutes', netbox_ims.models.fields.MinutesField(blank=True, null=True)),
                ('effective_rpo_minutes', netbox_ims.models.fields.MinutesField(blank=True, null=True)),
                ('under_classified', models.BooleanField(null=True)),
                ('alignment', models.CharField(default='undetermined', max_length=20)),
                ('as_of', models.DateTimeField()),
                ('asset_owner', netbox_ims.models.fields.LooseForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='tenancy.contact')),
                ('classification', netbox_ims.models.fields.LooseForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='netbox_ims.classification')),
                ('effective_classification', netbox_ims.models.fields.LooseForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='netbox_ims.classification')),
                ('effective_classification_source_type', netbox_ims.models.fields.LooseForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='contenttypes.contenttype')),
                ('object_type', netbox_ims.models.fields.LooseForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='contenttypes.contenttype')),
                ('profile', models.OneToOneField(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='register_entry', to='netbox_ims.assetprofile')),
                ('required_rpo_source_type', netbox_ims.models.fields.LooseForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='contenttypes.contenttype')),
                ('required_rto_source_type', netbox_ims.models.fields.LooseForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='contenttypes.contenttype')),
                ('role', netbox_ims.models.fields.LooseForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='dcim.devicerole')),
                ('site', netbox_ims.models.fields.LooseForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='dcim.site')),
                ('tenant', netbox_ims.models.fields.LooseForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='tenancy.tenant')),
            ],
            options={
                'verbose_name': 'register entry',
                'verbose_name_plural': 'register',
                'ordering': ('name', 'pk'),
                'default_permissions': ('view',),
            },
            bases=(netbox_ims.models.mixins.NamedAfterCIMixin, netbox_ims.models.mixins.ReviewedMixin, models.Model),
        ),
        migrations.CreateModel(
            name='RetiredCI',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ('object_id', models.PositiveBigIntegerField()),
                ('name', models.CharField(blank=True, max_length=255)),
                ('user_name', models.CharField(blank=True, max_length=150)),
                ('time', models.DateTimeField()),
                ('reason', models.TextField(blank=True)),
                ('site_name', models.CharField(blank=True, max_length=100)),
                ('tenant_name', models.CharField(blank=True, max_length=100)),
                ('status', models.CharField(max_length=50, null=True)),
                ('classification', models.CharField(max_length=100, null=True)),
                ('is_information_asset', models.BooleanField(null=True)),
                ('handles_sensitive_data', models.BooleanField(null=True)),
                ('processes_personal_data', models.BooleanField(null=True)),
                ('asset_owner', models.CharField(blank=True, max_length=100)),
                ('assessment', models.JSONField(default=dict)),
                ('controls', models.JSONField(default=list)),
                ('risks', models.JSONField(default=list)),
                ('object_type', netbox_ims.models.fields.LooseForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='contenttypes.contenttype')),
                ('role', netbox_ims.models.fields.LooseForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='dcim.devicerole')),
                ('site', netbox_ims.models.fields.LooseForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='dcim.site')),
                ('tenant', netbox_ims.models.fields.LooseForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='tenancy.tenant')),
                ('user', netbox_ims.models.fields.LooseForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'retired CI',
                'verbose_name_plural': 'retired CIs',
                'ordering': ('-time', '-pk'),
                'abstract': False,
                'default_permissions': ('view',),
            },
            bases=(netbox_ims.models.mixins.AboutCIMixin, models.Model),
        ),
        migrations.CreateModel(
            name='StaleMark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ('object_id', models.PositiveBigIntegerField(null=True)),
                ('time', models.DateTimeField()),
                ('object_type', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='contenttypes.contenttype')),
            ],
            options={
                'ordering': ('pk',),
                'default_permissions': (),
            },
        ),
        migrations.AddConstraint(
            model_name='assetprofile',
            constraint=models.UniqueConstraint(fields=('object_type', 'object_id'), name='netbox_ims_assetprofile_ci', violation_error_message='This CI already has an asset profile.'),
        ),
        migrations.AddIndex(
            model_name='decision',
            index=models.Index(fields=['object_type', 'object_id', '-id'], name='ims_decision_ci'),
        ),
        migrations.AddIndex(
            model_name='decision',
            index=models.Index(fields=['-time', '-id'], name='ims_decision_time'),
        ),
        migrations.AddIndex(
            model_name='dependency',
            index=models.Index(fields=['provider_object_type', 'provider_object_id', 'dependent_object_type', 'dependent_object_id'], name='ims_dependency_provider'),
        ),
        migrations.AddConstraint(
            model_name='dependency',
            constraint=models.UniqueConstraint(fields=('dependent_object_type', 'dependent_object_id', 'provider_object_type', 'provider_object_id'), name='netbox_ims_dependency_ends', violation_error_message='This dependency is recorded already.'),
        ),
        migrations.AddConstraint(
            model_name='dependency',
            constraint=models.CheckConstraint(condition=models.Q(('dependent_object_id', models.F('provider_object_id')), ('dependent_object_type', models.F('provider_object_type')), _negated=True), name='netbox_ims_dependency_not_itself', violation_error_message='A CI cannot depend on itself.'),
        ),
        migrations.AddIndex(
            model_name='registerentry',
            index=models.Index(fields=['name', 'id'], name='ims_register_name'),
        ),
        migrations.AddIndex(
            model_name='registerentry',
            index=models.Index(fields=['classification', 'name', 'id'], name='ims_register_class'),
        ),
        migrations.AddIndex(
            model_name='registerentry',
            index=models.Index(fields=['effective_classification', 'name', 'id'], name='ims_register_effective'),
        ),
        migrations.AddIndex(
            model_name='registerentry',
            index=models.Index(condition=models.Q(('under_classified', True)), fields=['name', 'id'], name='ims_register_under'),
        ),
        migrations.AddIndex(
            model_name='registerentry',
            index=models.Index(condition=models.Q(('alignment', 'breached')), fields=['name', 'id'], name='ims_register_breached'),
        ),
        migrations.AddIndex(
            model_name='registerentry',
            index=models.Index(fields=['classification', 'object_type'], name='ims_register_counts'),
        ),
        migrations.AddIndex(
            model_name='registerentry',
            index=models.Index(fields=['site', 'name', 'id'], name='ims_register_site'),
        ),
        migrations.AddIndex(
            model_name='registerentry',
            index=models.Index(fields=['tenant', 'name', 'id'], name='ims_register_tenant'),
        ),
        migrations.AddIndex(
            model_name='registerentry',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper('name'), 'gin_trgm_ops'), name='ims_register_name_trgm'),
        ),
        migrations.AddIndex(
            model_name='registerentry',
            index=models.Index(condition=models.Q(('classification__isnull', False)), fields=['object_type', 'classification', 'object_id'], name='ims_register_class_ci'),
        ),
        migrations.AddConstraint(
            model_name='registerentry',
            constraint=models.UniqueConstraint(fields=('object_type', 'object_id'), name='netbox_ims_registerentry_ci'),
        ),
        migrations.AddIndex(
            model_name='retiredci',
            index=models.Index(fields=['object_type', 'object_id'], name='ims_retired_ci'),
        ),
        migrations.AddIndex(
            model_name='retiredci',
            index=models.Index(fields=['-time', '-id'], name='ims_retired_time'),
        ),
        # Counts on this table are only as fast as its visibility map is fresh: docs/decisions/0002.
        migrations.RunSQL(
            'ALTER TABLE netbox_ims_registerentry SET (autovacuum_vacuum_scale_factor = 0.02)',
            'ALTER TABLE netbox_ims_registerentry RESET (autovacuum_vacuum_scale_factor)',
        ),
    ]
