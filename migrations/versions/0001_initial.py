"""All tables as of the first release, written by scripts/regenerate_migration.py.

Revision: 0001, after nothing.
"""

import sqlalchemy as sa
from alembic import op


revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('audit_row',
    sa.Column('id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor', sa.String(length=40), nullable=False),
    sa.Column('action', sa.String(length=60), nullable=False),
    sa.Column('subject', sa.String(length=60), nullable=False),
    sa.Column('salt', sa.String(length=32), nullable=True),
    sa.Column('payload', sa.JSON(), nullable=True),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_row')),
    sa.UniqueConstraint('hash', name=op.f('uq_audit_row_hash'))
    )
    with op.batch_alter_table('audit_row', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_audit_row_action'), ['action'], unique=False)
        batch_op.create_index(batch_op.f('ix_audit_row_actor'), ['actor'], unique=False)
        batch_op.create_index(batch_op.f('ix_audit_row_at'), ['at'], unique=False)
        batch_op.create_index(batch_op.f('ix_audit_row_subject'), ['subject'], unique=False)

    op.create_table('coverage_alert',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('about', sa.String(length=40), nullable=False),
    sa.Column('gap_on', sa.Date(), nullable=False),
    sa.Column('left', sa.SmallInteger(), nullable=False),
    sa.Column('raised_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_coverage_alert'))
    )
    with op.batch_alter_table('coverage_alert', schema=None) as batch_op:
        batch_op.create_index('ix_coverage_alert_open', ['closed_at', 'gap_on'], unique=False)
        batch_op.create_index('uq_coverage_alert_open', ['about'], unique=True, sqlite_where=sa.text('closed_at IS NULL'), postgresql_where=sa.text('closed_at IS NULL'))

    op.create_table('escalation_policy',
    sa.Column('severity', sa.SmallInteger(), nullable=False),
    sa.Column('reply_window_s', sa.Integer(), nullable=False),
    sa.Column('waves', sa.JSON(), nullable=False),
    sa.Column('duty_told_s', sa.Integer(), nullable=True),
    sa.Column('specialist_told_s', sa.Integer(), nullable=True),
    sa.Column('hours', sa.String(length=8), nullable=False),
    sa.Column('channels', sa.JSON(), nullable=False),
    sa.Column('second_channel_s', sa.Integer(), nullable=False),
    sa.Column('edited', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('severity', name=op.f('pk_escalation_policy'))
    )
    op.create_table('heartbeat',
    sa.Column('worker', sa.String(length=64), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('worker', name=op.f('pk_heartbeat'))
    )
    op.create_table('language',
    sa.Column('code', sa.String(length=12), nullable=False),
    sa.Column('names', sa.JSON(), nullable=False),
    sa.Column('edited', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_language'))
    )
    op.create_table('mail',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('to', sa.String(length=254), nullable=False),
    sa.Column('subject', sa.String(length=300), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('queued_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('claimed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('given_up_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('error', sa.String(length=300), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mail'))
    )
    with op.batch_alter_table('mail', schema=None) as batch_op:
        batch_op.create_index('ix_mail_due', ['due_at'], unique=False, sqlite_where=sa.text('sent_at IS NULL AND given_up_at IS NULL'), postgresql_where=sa.text('sent_at IS NULL AND given_up_at IS NULL'))

    op.create_table('place',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('country', sa.String(length=2), nullable=False),
    sa.Column('lat', sa.Float(), nullable=False),
    sa.Column('lon', sa.Float(), nullable=False),
    sa.Column('time_zone', sa.String(length=60), nullable=False),
    sa.Column('population', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_place'))
    )
    with op.batch_alter_table('place', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_place_lat'), ['lat'], unique=False)

    op.create_table('place_name',
    sa.Column('folded', sa.String(length=200), nullable=False),
    sa.Column('place_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.PrimaryKeyConstraint('folded', 'place_id', name=op.f('pk_place_name')),
    sqlite_with_rowid=False
    )
    op.create_table('reference_stamp',
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_reference_stamp'))
    )
    op.create_table('region',
    sa.Column('code', sa.String(length=10), nullable=False),
    sa.Column('names', sa.JSON(), nullable=False),
    sa.Column('edited', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_region'))
    )
    op.create_table('role',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('description', sa.String(length=255), nullable=True),
    sa.Column('permissions', sa.UnicodeText(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_role')),
    sa.UniqueConstraint('name', name=op.f('uq_role_name'))
    )
    op.create_table('sender',
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('free_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('spent', sa.Integer(), nullable=False),
    sa.Column('shut_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('refusals', sa.Integer(), nullable=False),
    sa.Column('listed_from', sa.DateTime(timezone=True), nullable=True),
    sa.Column('listed_until', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_sender'))
    )
    op.create_table('service',
    sa.Column('code', sa.String(length=10), nullable=False),
    sa.Column('names', sa.JSON(), nullable=False),
    sa.Column('unit', sa.JSON(), nullable=False),
    sa.Column('skills', sa.JSON(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('edited', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_service'))
    )
    op.create_table('skill',
    sa.Column('code', sa.String(length=10), nullable=False),
    sa.Column('names', sa.JSON(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('edited', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_skill'))
    )
    op.create_table('throttle',
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('window', sa.DateTime(timezone=True), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('key', 'window', name=op.f('pk_throttle'))
    )
    op.create_table('crisis_kind',
    sa.Column('code', sa.String(length=10), nullable=False),
    sa.Column('names', sa.JSON(), nullable=False),
    sa.Column('hints', sa.JSON(), nullable=False),
    sa.Column('lead_skill', sa.String(length=10), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('affected_radius_km', sa.Float(), nullable=True),
    sa.Column('affected_country', sa.Boolean(), nullable=False),
    sa.Column('edited', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['lead_skill'], ['skill.code'], name=op.f('fk_crisis_kind_lead_skill')),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_crisis_kind'))
    )
    op.create_table('office',
    sa.Column('code', sa.String(length=10), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('iso2', sa.String(length=2), nullable=False),
    sa.Column('st3', sa.String(length=4), nullable=False),
    sa.Column('name_en', sa.String(length=200), nullable=False),
    sa.Column('names', sa.JSON(), nullable=False),
    sa.Column('office_name', sa.String(length=300), nullable=False),
    sa.Column('office_acronym', sa.String(length=60), nullable=False),
    sa.Column('office_name_status', sa.String(length=40), nullable=False),
    sa.Column('seat_city', sa.String(length=120), nullable=False),
    sa.Column('seat_source', sa.String(length=60), nullable=False),
    sa.Column('lat', sa.Float(), nullable=False),
    sa.Column('lon', sa.Float(), nullable=False),
    sa.Column('time_zone', sa.String(length=60), nullable=False),
    sa.Column('languages', sa.JSON(), nullable=False),
    sa.Column('region', sa.String(length=10), nullable=False),
    sa.Column('cdip_group', sa.String(length=20), nullable=False),
    sa.Column('un_language', sa.String(length=12), nullable=False),
    sa.Column('un_language_alt', sa.String(length=12), nullable=False),
    sa.Column('dial_prefix', sa.String(length=10), nullable=False),
    sa.Column('regional_offices', sa.JSON(), nullable=False),
    sa.Column('note', sa.String(length=500), nullable=False),
    sa.Column('contact_email', sa.String(length=254), nullable=False),
    sa.Column('contact_phone', sa.String(length=20), nullable=False),
    sa.Column('address', sa.String(length=500), nullable=False),
    sa.Column('critical_services', sa.JSON(), nullable=False),
    sa.Column('edited', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['region'], ['region.code'], name=op.f('fk_office_region')),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_office'))
    )
    with op.batch_alter_table('office', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_office_region'), ['region'], unique=False)

    op.create_table('kind_skill',
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('skill', sa.String(length=10), nullable=False),
    sa.Column('weight', sa.String(length=1), nullable=False),
    sa.ForeignKeyConstraint(['kind'], ['crisis_kind.code'], name=op.f('fk_kind_skill_kind')),
    sa.ForeignKeyConstraint(['skill'], ['skill.code'], name=op.f('fk_kind_skill_skill')),
    sa.PrimaryKeyConstraint('kind', 'skill', name=op.f('pk_kind_skill'))
    )
    op.create_table('user_account',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=26), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('phone', sa.String(length=20), nullable=True),
    sa.Column('language', sa.String(length=12), nullable=False),
    sa.Column('office_code', sa.String(length=10), nullable=True),
    sa.Column('password', sa.String(length=255), nullable=True),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('fs_uniquifier', sa.String(length=64), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('invited_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('on_duty', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['office_code'], ['office.code'], name=op.f('fk_user_account_office_code')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_user_account')),
    sa.UniqueConstraint('email', name=op.f('uq_user_account_email')),
    sa.UniqueConstraint('fs_uniquifier', name=op.f('uq_user_account_fs_uniquifier')),
    sa.UniqueConstraint('public_id', name=op.f('uq_user_account_public_id'))
    )
    with op.batch_alter_table('user_account', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_user_account_office_code'), ['office_code'], unique=False)
        batch_op.create_index(batch_op.f('ix_user_account_phone'), ['phone'], unique=False)

    op.create_table('api_token',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_api_token_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_api_token')),
    sa.UniqueConstraint('digest', name=op.f('uq_api_token_digest'))
    )
    op.create_table('bulk_change',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=26), nullable=False),
    sa.Column('by', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('applied_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('wanted', sa.JSON(), nullable=False),
    sa.Column('differences', sa.JSON(), nullable=False),
    sa.Column('refused', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['by'], ['user_account.id'], name=op.f('fk_bulk_change_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bulk_change')),
    sa.UniqueConstraint('public_id', name=op.f('uq_bulk_change_public_id'))
    )
    op.create_table('crisis_request',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('ref', sa.String(length=26), nullable=False),
    sa.Column('number', sa.String(length=12), nullable=False),
    sa.Column('office_code', sa.String(length=10), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('severity', sa.SmallInteger(), nullable=False),
    sa.Column('summary', sa.Text(), nullable=False),
    sa.Column('impact', sa.JSON(), nullable=False),
    sa.Column('services', sa.JSON(), nullable=False),
    sa.Column('skills', sa.JSON(), nullable=False),
    sa.Column('languages', sa.JSON(), nullable=False),
    sa.Column('mode', sa.String(length=8), nullable=False),
    sa.Column('slots', sa.SmallInteger(), nullable=False),
    sa.Column('place', sa.String(length=200), nullable=False),
    sa.Column('lat', sa.Float(), nullable=False),
    sa.Column('lon', sa.Float(), nullable=False),
    sa.Column('affected_radius_km', sa.Float(), nullable=True),
    sa.Column('local_experts_safe', sa.Boolean(), nullable=False),
    sa.Column('contact_name', sa.String(length=200), nullable=False),
    sa.Column('contact_phone', sa.String(length=20), nullable=False),
    sa.Column('contact_email', sa.String(length=254), nullable=False),
    sa.Column('exercise', sa.Boolean(), nullable=False),
    sa.Column('language', sa.String(length=12), nullable=False),
    sa.Column('status', sa.String(length=24), nullable=False),
    sa.Column('filed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('filed_by', sa.Integer(), nullable=True),
    sa.Column('filed_through', sa.String(length=10), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('confirmed_by', sa.Integer(), nullable=True),
    sa.Column('search', sa.SmallInteger(), nullable=False),
    sa.Column('search_started_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('end_reason', sa.String(length=500), nullable=False),
    sa.Column('wake_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('idempotency_scope', sa.String(length=40), nullable=True),
    sa.Column('idempotency_key', sa.String(length=200), nullable=True),
    sa.Column('content_digest', sa.String(length=64), nullable=False),
    sa.CheckConstraint("status IN ('awaiting_confirmation', 'searching', 'paused', 'assigned', 'unfilled', 'closed', 'cancelled')", name=op.f('ck_crisis_request_status')),
    sa.CheckConstraint('lat BETWEEN -90 AND 90 AND lon BETWEEN -180 AND 180', name=op.f('ck_crisis_request_position')),
    sa.CheckConstraint('severity BETWEEN 1 AND 4', name=op.f('ck_crisis_request_severity')),
    sa.CheckConstraint('slots BETWEEN 1 AND 50', name=op.f('ck_crisis_request_slots')),
    sa.ForeignKeyConstraint(['confirmed_by'], ['user_account.id'], name=op.f('fk_crisis_request_confirmed_by')),
    sa.ForeignKeyConstraint(['filed_by'], ['user_account.id'], name=op.f('fk_crisis_request_filed_by')),
    sa.ForeignKeyConstraint(['kind'], ['crisis_kind.code'], name=op.f('fk_crisis_request_kind')),
    sa.ForeignKeyConstraint(['office_code'], ['office.code'], name=op.f('fk_crisis_request_office_code')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_crisis_request')),
    sa.UniqueConstraint('idempotency_scope', 'idempotency_key', name='uq_request_idempotency'),
    sa.UniqueConstraint('number', name=op.f('uq_crisis_request_number')),
    sa.UniqueConstraint('ref', name=op.f('uq_crisis_request_ref'))
    )
    with op.batch_alter_table('crisis_request', schema=None) as batch_op:
        batch_op.create_index('ix_request_office', ['office_code', 'filed_at'], unique=False)
        batch_op.create_index('ix_request_status', ['status', 'severity', 'filed_at'], unique=False)
        batch_op.create_index('ix_request_wake', ['wake_at'], unique=False, sqlite_where=sa.text('wake_at IS NOT NULL'), postgresql_where=sa.text('wake_at IS NOT NULL'))

    op.create_table('digest',
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_digest_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', 'day', name=op.f('pk_digest'))
    )
    op.create_table('expert',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=26), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('phone', sa.String(length=20), nullable=False),
    sa.Column('language', sa.String(length=12), nullable=False),
    sa.Column('country', sa.String(length=2), nullable=False),
    sa.Column('region', sa.String(length=10), nullable=False),
    sa.Column('base', sa.String(length=200), nullable=False),
    sa.Column('lat', sa.Float(), nullable=False),
    sa.Column('lon', sa.Float(), nullable=False),
    sa.Column('time_zone', sa.String(length=60), nullable=False),
    sa.Column('remote', sa.Boolean(), nullable=False),
    sa.Column('on_site', sa.Boolean(), nullable=False),
    sa.Column('max_missions', sa.Integer(), nullable=False),
    sa.Column('status', sa.String(length=12), nullable=False),
    sa.Column('valid_until', sa.Date(), nullable=True),
    sa.Column('quiet_from', sa.SmallInteger(), nullable=True),
    sa.Column('quiet_until', sa.SmallInteger(), nullable=True),
    sa.Column('two_way', sa.Boolean(), nullable=False),
    sa.Column('phone_proved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('opted_out_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('sms_failed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('present_place', sa.String(length=200), nullable=False),
    sa.Column('present_lat', sa.Float(), nullable=True),
    sa.Column('present_lon', sa.Float(), nullable=True),
    sa.Column('present_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('x', sa.Float(), nullable=False),
    sa.Column('y', sa.Float(), nullable=False),
    sa.Column('z', sa.Float(), nullable=False),
    sa.Column('cell', sa.BigInteger(), nullable=False),
    sa.Column('present_x', sa.Float(), nullable=True),
    sa.Column('present_y', sa.Float(), nullable=True),
    sa.Column('present_z', sa.Float(), nullable=True),
    sa.Column('present_cell', sa.BigInteger(), nullable=True),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('vetted_by', sa.Integer(), nullable=True),
    sa.Column('approved_by', sa.Integer(), nullable=True),
    sa.Column('evidence', sa.Text(), nullable=False),
    sa.Column('suspended_reason', sa.String(length=500), nullable=False),
    sa.Column('status_before', sa.String(length=12), nullable=False),
    sa.Column('identified_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('validated_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reconfirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('panel_since', sa.Date(), nullable=True),
    sa.Column('listed_at', sa.Date(), nullable=True),
    sa.Column('iproc_reference', sa.String(length=60), nullable=False),
    sa.Column('scope', sa.String(length=10), nullable=False),
    sa.Column('consented_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('erased_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('look_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("scope IN ('national', 'regional', 'global')", name=op.f('ck_expert_scope')),
    sa.CheckConstraint("status IN ('applicant', 'qualified', 'listed', 'suspended', 'expired', 'removed')", name=op.f('ck_expert_status')),
    sa.CheckConstraint("status NOT IN ('qualified', 'listed') OR (vetted_by IS NOT NULL AND approved_by IS NOT NULL AND vetted_by <> approved_by)", name=op.f('ck_expert_two_people')),
    sa.CheckConstraint('lat BETWEEN -90 AND 90 AND lon BETWEEN -180 AND 180', name=op.f('ck_expert_position')),
    sa.CheckConstraint('max_missions >= 0', name=op.f('ck_expert_limit')),
    sa.ForeignKeyConstraint(['approved_by'], ['user_account.id'], name=op.f('fk_expert_approved_by')),
    sa.ForeignKeyConstraint(['region'], ['region.code'], name=op.f('fk_expert_region')),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_expert_user_id')),
    sa.ForeignKeyConstraint(['vetted_by'], ['user_account.id'], name=op.f('fk_expert_vetted_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_expert')),
    sa.UniqueConstraint('email', name=op.f('uq_expert_email')),
    sa.UniqueConstraint('public_id', name=op.f('uq_expert_public_id')),
    sa.UniqueConstraint('user_id', name=op.f('uq_expert_user_id'))
    )
    with op.batch_alter_table('expert', schema=None) as batch_op:
        batch_op.create_index('ix_expert_look', ['look_at'], unique=False)
        batch_op.create_index('ix_expert_name', ['name', 'id'], unique=False)
        batch_op.create_index('ix_expert_phone', ['phone'], unique=False)
        batch_op.create_index(batch_op.f('ix_expert_region'), ['region'], unique=False)
        batch_op.create_index('ix_expert_status', ['status', 'valid_until'], unique=False)
        batch_op.create_index(batch_op.f('ix_expert_time_zone'), ['time_zone'], unique=False)
        batch_op.create_index('uq_expert_phone', ['phone'], unique=True, sqlite_where=sa.text("two_way OR phone_proved_at IS NOT NULL OR status IN ('qualified', 'listed', 'expired') OR status_before IN ('qualified', 'listed', 'expired')"), postgresql_where=sa.text("two_way OR phone_proved_at IS NOT NULL OR status IN ('qualified', 'listed', 'expired') OR status_before IN ('qualified', 'listed', 'expired')"))

    op.create_table('nomination',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=26), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('language', sa.String(length=12), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('by', sa.Integer(), nullable=False),
    sa.Column('office_code', sa.String(length=10), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by'], ['user_account.id'], name=op.f('fk_nomination_by')),
    sa.ForeignKeyConstraint(['office_code'], ['office.code'], name=op.f('fk_nomination_office_code')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_nomination')),
    sa.UniqueConstraint('public_id', name=op.f('uq_nomination_public_id'))
    )
    with op.batch_alter_table('nomination', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_nomination_email'), ['email'], unique=False)

    op.create_table('open_session',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=26), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('way', sa.String(length=20), nullable=False),
    sa.Column('browser', sa.String(length=20), nullable=False),
    sa.Column('system', sa.String(length=20), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('asks_code', sa.Boolean(), nullable=False),
    sa.Column('proved_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_open_session_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_open_session')),
    sa.UniqueConstraint('digest', name=op.f('uq_open_session_digest')),
    sa.UniqueConstraint('public_id', name=op.f('uq_open_session_public_id'))
    )
    with op.batch_alter_table('open_session', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_open_session_created_at'), ['created_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_open_session_user_id'), ['user_id'], unique=False)

    op.create_table('second_factor',
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('secret', sa.String(length=400), nullable=False),
    sa.Column('salt', sa.String(length=32), nullable=False),
    sa.Column('last_step', sa.BigInteger(), nullable=False),
    sa.Column('set_up_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_second_factor_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', name=op.f('pk_second_factor'))
    )
    op.create_table('user_role',
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('role_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['role_id'], ['role.id'], name=op.f('fk_user_role_role_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_user_role_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', 'role_id', name=op.f('pk_user_role'))
    )
    op.create_table('absence',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('expert_id', sa.Integer(), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['expert_id'], ['expert.id'], name=op.f('fk_absence_expert_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_absence'))
    )
    with op.batch_alter_table('absence', schema=None) as batch_op:
        batch_op.create_index('ix_absence_expert', ['expert_id', 'ends_at'], unique=False)

    op.create_table('application',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=26), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('language', sa.String(length=12), nullable=False),
    sa.Column('answers', sa.JSON(), nullable=False),
    sa.Column('nomination_id', sa.Integer(), nullable=True),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('expert_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['expert_id'], ['expert.id'], name=op.f('fk_application_expert_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['nomination_id'], ['nomination.id'], name=op.f('fk_application_nomination_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_application')),
    sa.UniqueConstraint('public_id', name=op.f('uq_application_public_id'))
    )
    with op.batch_alter_table('application', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_application_email'), ['email'], unique=False)
        batch_op.create_index('ix_application_expert', ['expert_id'], unique=False)
        batch_op.create_index('ix_application_updated', ['sent_at', 'updated_at'], unique=False)

    op.create_table('calendar_feed',
    sa.Column('expert_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('renewed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['expert_id'], ['expert.id'], name=op.f('fk_calendar_feed_expert_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('expert_id', name=op.f('pk_calendar_feed'))
    )
    op.create_table('conflict',
    sa.Column('expert_id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=10), nullable=False),
    sa.ForeignKeyConstraint(['expert_id'], ['expert.id'], name=op.f('fk_conflict_expert_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('expert_id', 'code', name=op.f('pk_conflict'))
    )
    op.create_table('decision',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('request_id', sa.Integer(), nullable=False),
    sa.Column('wave', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('candidates', sa.JSON(), nullable=False),
    sa.Column('excluded', sa.JSON(none_as_null=True), nullable=True),
    sa.ForeignKeyConstraint(['request_id'], ['crisis_request.id'], name=op.f('fk_decision_request_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_decision'))
    )
    with op.batch_alter_table('decision', schema=None) as batch_op:
        batch_op.create_index('ix_decision_request', ['request_id'], unique=False)
        batch_op.create_index('ix_decision_unexplained', ['id'], unique=False, sqlite_where=sa.text('excluded IS NULL'), postgresql_where=sa.text('excluded IS NULL'))

    op.create_table('escalation_step',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('request_id', sa.Integer(), nullable=False),
    sa.Column('search', sa.SmallInteger(), nullable=False),
    sa.Column('step', sa.String(length=40), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['request_id'], ['crisis_request.id'], name=op.f('fk_escalation_step_request_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_escalation_step')),
    sa.UniqueConstraint('request_id', 'search', 'step', name='uq_escalation_step_once')
    )
    op.create_table('evaluation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('expert_id', sa.Integer(), nullable=False),
    sa.Column('mission', sa.String(length=26), nullable=False),
    sa.Column('by', sa.String(length=60), nullable=False),
    sa.Column('rating', sa.SmallInteger(), nullable=False),
    sa.Column('comment', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['expert_id'], ['expert.id'], name=op.f('fk_evaluation_expert_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evaluation')),
    sa.UniqueConstraint('mission', name=op.f('uq_evaluation_mission'))
    )
    with op.batch_alter_table('evaluation', schema=None) as batch_op:
        batch_op.create_index('ix_evaluation_expert', ['expert_id', 'at'], unique=False)

    op.create_table('expert_language',
    sa.Column('expert_id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=12), nullable=False),
    sa.ForeignKeyConstraint(['expert_id'], ['expert.id'], name=op.f('fk_expert_language_expert_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('expert_id', 'code', name=op.f('pk_expert_language'))
    )
    with op.batch_alter_table('expert_language', schema=None) as batch_op:
        batch_op.create_index('ix_expert_language_code', ['code', 'expert_id'], unique=False)

    op.create_table('expert_word',
    sa.Column('word', sa.String(length=60).with_variant(sa.String(length=60, collation='C'), 'postgresql'), nullable=False),
    sa.Column('expert_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['expert_id'], ['expert.id'], name=op.f('fk_expert_word_expert_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('word', 'expert_id', name=op.f('pk_expert_word'))
    )
    with op.batch_alter_table('expert_word', schema=None) as batch_op:
        batch_op.create_index('ix_expert_word_expert', ['expert_id'], unique=False)

    op.create_table('notice',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('expert_id', sa.Integer(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('wanted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_text', sa.Boolean(), nullable=False),
    sa.Column('left_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('code', sa.String(length=4), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['expert_id'], ['expert.id'], name=op.f('fk_notice_expert_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notice')),
    sa.UniqueConstraint('expert_id', 'day', name='uq_notice_day')
    )
    with op.batch_alter_table('notice', schema=None) as batch_op:
        batch_op.create_index('ix_notice_unsent', ['wanted_at'], unique=False, sqlite_where=sa.text('by_text AND left_at IS NULL'), postgresql_where=sa.text('by_text AND left_at IS NULL'))

    op.create_table('offer',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=26), nullable=False),
    sa.Column('request_id', sa.Integer(), nullable=False),
    sa.Column('expert_id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=4), nullable=False),
    sa.Column('rank', sa.Integer(), nullable=False),
    sa.Column('wave', sa.Integer(), nullable=False),
    sa.Column('distance_km', sa.Float(), nullable=False),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('status', sa.String(length=14), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('window_s', sa.Integer(), nullable=False),
    sa.Column('deadline', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('end_reason', sa.String(length=200), nullable=False),
    sa.Column('chosen_by', sa.Integer(), nullable=True),
    sa.Column('chosen_reason', sa.String(length=500), nullable=False),
    sa.CheckConstraint("status IN ('open', 'accepted', 'declined', 'expired', 'undeliverable', 'withdrawn')", name=op.f('ck_offer_status')),
    sa.ForeignKeyConstraint(['chosen_by'], ['user_account.id'], name=op.f('fk_offer_chosen_by')),
    sa.ForeignKeyConstraint(['expert_id'], ['expert.id'], name=op.f('fk_offer_expert_id')),
    sa.ForeignKeyConstraint(['request_id'], ['crisis_request.id'], name=op.f('fk_offer_request_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_offer')),
    sa.UniqueConstraint('public_id', name=op.f('uq_offer_public_id'))
    )
    with op.batch_alter_table('offer', schema=None) as batch_op:
        batch_op.create_index('ix_offer_due', ['deadline'], unique=False, sqlite_where=sa.text("status = 'open'"), postgresql_where=sa.text("status = 'open'"))
        batch_op.create_index('ix_offer_expert', ['expert_id', 'created_at'], unique=False)
        batch_op.create_index('ix_offer_request', ['request_id', 'status'], unique=False)
        batch_op.create_index('uq_offer_open_code', ['code'], unique=True, sqlite_where=sa.text("status = 'open'"), postgresql_where=sa.text("status = 'open'"))
        batch_op.create_index('uq_offer_open_expert', ['expert_id'], unique=True, sqlite_where=sa.text("status = 'open'"), postgresql_where=sa.text("status = 'open'"))

    op.create_table('phone_proof',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=26), nullable=False),
    sa.Column('expert_id', sa.Integer(), nullable=False),
    sa.Column('phone', sa.String(length=20), nullable=False),
    sa.Column('code', sa.String(length=6), nullable=False),
    sa.Column('way', sa.String(length=6), nullable=False),
    sa.Column('wanted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('tries', sa.SmallInteger(), nullable=False),
    sa.Column('proved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('replaces', sa.Boolean(), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("way IN ('sms', 'voice', 'link')", name=op.f('ck_phone_proof_way')),
    sa.ForeignKeyConstraint(['expert_id'], ['expert.id'], name=op.f('fk_phone_proof_expert_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_phone_proof')),
    sa.UniqueConstraint('public_id', name=op.f('uq_phone_proof_public_id'))
    )
    with op.batch_alter_table('phone_proof', schema=None) as batch_op:
        batch_op.create_index('ix_phone_proof_expert', ['expert_id', 'wanted_at'], unique=False)
        batch_op.create_index('ix_phone_proof_open', ['wanted_at'], unique=False, sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))
        batch_op.create_index('ix_phone_proof_phone', ['phone', 'code'], unique=False)

    op.create_table('posting',
    sa.Column('skill', sa.String(length=10), nullable=False),
    sa.Column('language', sa.String(length=12), nullable=False),
    sa.Column('cell', sa.BigInteger(), nullable=False),
    sa.Column('expert_id', sa.Integer(), nullable=False),
    sa.Column('present', sa.Boolean(), nullable=False),
    sa.Column('level', sa.SmallInteger(), nullable=False),
    sa.Column('x', sa.Float(), nullable=False),
    sa.Column('y', sa.Float(), nullable=False),
    sa.Column('z', sa.Float(), nullable=False),
    sa.ForeignKeyConstraint(['expert_id'], ['expert.id'], name=op.f('fk_posting_expert_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('skill', 'language', 'cell', 'expert_id', 'present', name=op.f('pk_posting')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('posting', schema=None) as batch_op:
        batch_op.create_index('ix_posting_expert', ['expert_id'], unique=False)

    op.create_table('recovery_code',
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['second_factor.user_id'], name=op.f('fk_recovery_code_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', 'digest', name=op.f('pk_recovery_code'))
    )
    op.create_table('reminder',
    sa.Column('expert_id', sa.Integer(), nullable=False),
    sa.Column('about', sa.String(length=40), nullable=False),
    sa.Column('occasion', sa.Date(), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('times', sa.SmallInteger(), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['expert_id'], ['expert.id'], name=op.f('fk_reminder_expert_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('expert_id', 'about', 'occasion', name=op.f('pk_reminder'))
    )
    with op.batch_alter_table('reminder', schema=None) as batch_op:
        batch_op.create_index('ix_reminder_expert', ['expert_id', 'answered_at'], unique=False)
        batch_op.create_index('ix_reminder_occasion', ['about', 'occasion'], unique=False)

    op.create_table('roster_change',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('expert_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['expert_id'], ['expert.id'], name=op.f('fk_roster_change_expert_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_roster_change'))
    )
    with op.batch_alter_table('roster_change', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_roster_change_expert_id'), ['expert_id'], unique=False)

    op.create_table('sighting',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('expert_id', sa.Integer(), nullable=True),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('what', sa.String(length=12), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['expert_id'], ['expert.id'], name=op.f('fk_sighting_expert_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_sighting_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sighting'))
    )
    with op.batch_alter_table('sighting', schema=None) as batch_op:
        batch_op.create_index('ix_sighting_at', ['at'], unique=False)
        batch_op.create_index('ix_sighting_expert', ['expert_id', 'at'], unique=False)

    op.create_table('skill_claim',
    sa.Column('expert_id', sa.Integer(), nullable=False),
    sa.Column('skill', sa.String(length=10), nullable=False),
    sa.Column('level', sa.SmallInteger(), nullable=False),
    sa.Column('evidence', sa.Text(), nullable=False),
    sa.Column('valid_until', sa.Date(), nullable=True),
    sa.CheckConstraint('level BETWEEN 1 AND 3', name=op.f('ck_skill_claim_level')),
    sa.ForeignKeyConstraint(['expert_id'], ['expert.id'], name=op.f('fk_skill_claim_expert_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['skill'], ['skill.code'], name=op.f('fk_skill_claim_skill')),
    sa.PrimaryKeyConstraint('expert_id', 'skill', name=op.f('pk_skill_claim'))
    )
    with op.batch_alter_table('skill_claim', schema=None) as batch_op:
        batch_op.create_index('ix_skill_claim_skill', ['skill', 'level', 'expert_id', 'valid_until'], unique=False)

    op.create_table('vetting_case',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=26), nullable=False),
    sa.Column('expert_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('appeal_of', sa.Integer(), nullable=True),
    sa.Column('owner_id', sa.Integer(), nullable=True),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by', sa.Integer(), nullable=True),
    sa.Column('declared', sa.Text(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('reasons', sa.Text(), nullable=False),
    sa.Column('comment', sa.Text(), nullable=False),
    sa.Column('claimed', sa.JSON(), nullable=False),
    sa.CheckConstraint("(state = 'open') = (decided_at IS NULL)", name=op.f('ck_vetting_case_decided')),
    sa.CheckConstraint("kind IN ('application', 'renewal', 'review', 'appeal')", name=op.f('ck_vetting_case_kind')),
    sa.CheckConstraint("state <> 'qualified' OR decided_by IS NOT NULL", name=op.f('ck_vetting_case_decider')),
    sa.CheckConstraint("state IN ('open', 'qualified', 'refused', 'dropped')", name=op.f('ck_vetting_case_state')),
    sa.ForeignKeyConstraint(['appeal_of'], ['vetting_case.id'], name=op.f('fk_vetting_case_appeal_of')),
    sa.ForeignKeyConstraint(['decided_by'], ['user_account.id'], name=op.f('fk_vetting_case_decided_by')),
    sa.ForeignKeyConstraint(['expert_id'], ['expert.id'], name=op.f('fk_vetting_case_expert_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['owner_id'], ['user_account.id'], name=op.f('fk_vetting_case_owner_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_vetting_case')),
    sa.UniqueConstraint('public_id', name=op.f('uq_vetting_case_public_id'))
    )
    with op.batch_alter_table('vetting_case', schema=None) as batch_op:
        batch_op.create_index('ix_vetting_case_appeal', ['appeal_of'], unique=False)
        batch_op.create_index('ix_vetting_case_due', ['due_on', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_vetting_case_expert_id'), ['expert_id'], unique=False)
        batch_op.create_index('ix_vetting_case_kind', ['state', 'kind', 'due_on', 'id'], unique=False)
        batch_op.create_index('ix_vetting_case_owner', ['owner_id', 'state', 'due_on'], unique=False)
        batch_op.create_index('ix_vetting_case_queue', ['state', 'due_on', 'id'], unique=False)
        batch_op.create_index('uq_vetting_case_open', ['expert_id'], unique=True, sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))

    op.create_table('weekly_hours',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('expert_id', sa.Integer(), nullable=False),
    sa.Column('weekday', sa.SmallInteger(), nullable=False),
    sa.Column('start', sa.SmallInteger(), nullable=False),
    sa.Column('end', sa.SmallInteger(), nullable=False),
    sa.CheckConstraint('weekday BETWEEN 0 AND 6 AND start < "end"', name=op.f('ck_weekly_hours_span')),
    sa.ForeignKeyConstraint(['expert_id'], ['expert.id'], name=op.f('fk_weekly_hours_expert_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_weekly_hours'))
    )
    with op.batch_alter_table('weekly_hours', schema=None) as batch_op:
        batch_op.create_index('ix_weekly_hours_expert', ['expert_id'], unique=False)

    op.create_table('attempt',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=26), nullable=False),
    sa.Column('offer_id', sa.Integer(), nullable=True),
    sa.Column('request_id', sa.Integer(), nullable=True),
    sa.Column('expert_id', sa.Integer(), nullable=True),
    sa.Column('purpose', sa.String(length=30), nullable=False),
    sa.Column('channel', sa.String(length=6), nullable=False),
    sa.Column('number', sa.SmallInteger(), nullable=False),
    sa.Column('to', sa.String(length=254), nullable=False),
    sa.Column('language', sa.String(length=12), nullable=False),
    sa.Column('subject', sa.String(length=300), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('segments', sa.SmallInteger(), nullable=False),
    sa.Column('priority', sa.SmallInteger(), nullable=False),
    sa.Column('status', sa.String(length=10), nullable=False),
    sa.Column('queued_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('claimed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('delivered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('provider_sid', sa.String(length=40), nullable=True),
    sa.Column('error_code', sa.Integer(), nullable=True),
    sa.Column('error', sa.String(length=300), nullable=False),
    sa.Column('tries', sa.SmallInteger(), nullable=False),
    sa.CheckConstraint("status IN ('queued', 'sending', 'sent', 'delivered', 'failed', 'unknown', 'dropped')", name=op.f('ck_attempt_status')),
    sa.ForeignKeyConstraint(['expert_id'], ['expert.id'], name=op.f('fk_attempt_expert_id')),
    sa.ForeignKeyConstraint(['offer_id'], ['offer.id'], name=op.f('fk_attempt_offer_id')),
    sa.ForeignKeyConstraint(['request_id'], ['crisis_request.id'], name=op.f('fk_attempt_request_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attempt')),
    sa.UniqueConstraint('offer_id', 'purpose', 'channel', 'number', name='uq_attempt_once'),
    sa.UniqueConstraint('public_id', name=op.f('uq_attempt_public_id'))
    )
    with op.batch_alter_table('attempt', schema=None) as batch_op:
        batch_op.create_index('ix_attempt_due', ['due_at'], unique=False, sqlite_where=sa.text("status = 'queued'"), postgresql_where=sa.text("status = 'queued'"))
        batch_op.create_index('ix_attempt_limbo', ['claimed_at'], unique=False, sqlite_where=sa.text("status IN ('sending', 'unknown')"), postgresql_where=sa.text("status IN ('sending', 'unknown')"))
        batch_op.create_index(batch_op.f('ix_attempt_provider_sid'), ['provider_sid'], unique=False)
        batch_op.create_index('ix_attempt_request', ['request_id'], unique=False)
        batch_op.create_index('ix_attempt_ringing', ['sent_at'], unique=False, sqlite_where=sa.text("channel = 'voice' AND status = 'sent'"), postgresql_where=sa.text("channel = 'voice' AND status = 'sent'"))
        batch_op.create_index('ix_attempt_to', ['to', 'queued_at'], unique=False)

    op.create_table('inbound_message',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('sid', sa.String(length=64), nullable=False),
    sa.Column('sender', sa.String(length=32), nullable=False),
    sa.Column('recipient', sa.String(length=32), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('outcome', sa.String(length=30), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('expert_id', sa.Integer(), nullable=True),
    sa.Column('offer_id', sa.Integer(), nullable=True),
    sa.Column('handled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('handled_by', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['expert_id'], ['expert.id'], name=op.f('fk_inbound_message_expert_id')),
    sa.ForeignKeyConstraint(['handled_by'], ['user_account.id'], name=op.f('fk_inbound_message_handled_by')),
    sa.ForeignKeyConstraint(['offer_id'], ['offer.id'], name=op.f('fk_inbound_message_offer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_inbound_message')),
    sa.UniqueConstraint('sid', name=op.f('uq_inbound_message_sid'))
    )
    with op.batch_alter_table('inbound_message', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_inbound_message_sender'), ['sender'], unique=False)
        batch_op.create_index('ix_inbound_outcome', ['outcome', 'received_at'], unique=False)

    op.create_table('mission',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=26), nullable=False),
    sa.Column('offer_id', sa.Integer(), nullable=False),
    sa.Column('request_id', sa.Integer(), nullable=False),
    sa.Column('expert_id', sa.Integer(), nullable=False),
    sa.Column('slot', sa.SmallInteger(), nullable=False),
    sa.Column('seat', sa.SmallInteger(), nullable=False),
    sa.Column('status', sa.String(length=10), nullable=False),
    sa.Column('accepted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('evaluate_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("status IN ('accepted', 'started', 'done', 'reviewed', 'withdrawn')", name=op.f('ck_mission_status')),
    sa.ForeignKeyConstraint(['expert_id'], ['expert.id'], name=op.f('fk_mission_expert_id')),
    sa.ForeignKeyConstraint(['offer_id'], ['offer.id'], name=op.f('fk_mission_offer_id')),
    sa.ForeignKeyConstraint(['request_id'], ['crisis_request.id'], name=op.f('fk_mission_request_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mission')),
    sa.UniqueConstraint('offer_id', name=op.f('uq_mission_offer_id')),
    sa.UniqueConstraint('public_id', name=op.f('uq_mission_public_id'))
    )
    with op.batch_alter_table('mission', schema=None) as batch_op:
        batch_op.create_index('ix_mission_evaluate', ['evaluate_at'], unique=False, sqlite_where=sa.text('evaluate_at IS NOT NULL'), postgresql_where=sa.text('evaluate_at IS NOT NULL'))
        batch_op.create_index('uq_mission_seat', ['expert_id', 'seat'], unique=True, sqlite_where=sa.text("status IN ('accepted', 'started')"), postgresql_where=sa.text("status IN ('accepted', 'started')"))
        batch_op.create_index('uq_mission_slot', ['request_id', 'slot'], unique=True, sqlite_where=sa.text("status <> 'withdrawn'"), postgresql_where=sa.text("status <> 'withdrawn'"))

    op.create_table('paper',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=26), nullable=False),
    sa.Column('expert_id', sa.Integer(), nullable=True),
    sa.Column('application_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('file_name', sa.String(length=120), nullable=False),
    sa.Column('stored_as', sa.String(length=40), nullable=False),
    sa.Column('media_type', sa.String(length=100), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('uploaded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('verdict', sa.String(length=12), nullable=False),
    sa.Column('examined_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("kind IN ('cv', 'certificate', 'evidence')", name=op.f('ck_paper_kind')),
    sa.CheckConstraint("verdict IN ('quarantined', 'clean', 'infected')", name=op.f('ck_paper_verdict')),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_paper_application_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['expert_id'], ['expert.id'], name=op.f('fk_paper_expert_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_paper')),
    sa.UniqueConstraint('public_id', name=op.f('uq_paper_public_id')),
    sa.UniqueConstraint('stored_as', name=op.f('uq_paper_stored_as'))
    )
    with op.batch_alter_table('paper', schema=None) as batch_op:
        batch_op.create_index('ix_paper_application', ['application_id'], unique=False)
        batch_op.create_index('ix_paper_expert', ['expert_id'], unique=False)
        batch_op.create_index('ix_paper_verdict', ['verdict', 'id'], unique=False)

    op.create_table('reference',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=26), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('organisation', sa.String(length=200), nullable=False),
    sa.Column('relation', sa.String(length=200), nullable=False),
    sa.Column('language', sa.String(length=12), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reminded_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reminders', sa.SmallInteger(), nullable=False),
    sa.Column('declined_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('recommends', sa.Boolean(), nullable=True),
    sa.Column('answers', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['vetting_case.id'], name=op.f('fk_reference_case_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reference')),
    sa.UniqueConstraint('public_id', name=op.f('uq_reference_public_id'))
    )
    with op.batch_alter_table('reference', schema=None) as batch_op:
        batch_op.create_index('ix_reference_case', ['case_id'], unique=False)
        batch_op.create_index('ix_reference_waiting', ['answered_at', 'asked_at'], unique=False)

    op.create_table('vetting_step',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('stage', sa.String(length=14), nullable=False),
    sa.Column('subject', sa.String(length=10), nullable=False),
    sa.Column('result', sa.String(length=12), nullable=False),
    sa.Column('reviewer_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('evidence', sa.Text(), nullable=False),
    sa.Column('comment', sa.Text(), nullable=False),
    sa.Column('score', sa.SmallInteger(), nullable=True),
    sa.Column('level', sa.SmallInteger(), nullable=True),
    sa.CheckConstraint("result IN ('passed', 'failed', 'more_needed')", name=op.f('ck_vetting_step_result')),
    sa.CheckConstraint("stage IN ('completeness', 'eligibility', 'technical', 'interview', 'references', 'conflicts', 'readiness')", name=op.f('ck_vetting_step_stage')),
    sa.CheckConstraint('level BETWEEN 1 AND 3', name=op.f('ck_vetting_step_level')),
    sa.CheckConstraint('score BETWEEN 1 AND 5', name=op.f('ck_vetting_step_score')),
    sa.ForeignKeyConstraint(['case_id'], ['vetting_case.id'], name=op.f('fk_vetting_step_case_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['reviewer_id'], ['user_account.id'], name=op.f('fk_vetting_step_reviewer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_vetting_step'))
    )
    with op.batch_alter_table('vetting_step', schema=None) as batch_op:
        batch_op.create_index('ix_vetting_step_case', ['case_id', 'stage'], unique=False)
        batch_op.create_index('ix_vetting_step_reviewer', ['reviewer_id'], unique=False)
        batch_op.create_index('ix_vetting_step_stage', ['stage', 'result', 'case_id'], unique=False)

    op.create_table('certificate',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=26), nullable=False),
    sa.Column('expert_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('issuer', sa.String(length=120), nullable=False),
    sa.Column('number', sa.String(length=60), nullable=False),
    sa.Column('issued_on', sa.Date(), nullable=True),
    sa.Column('expires_on', sa.Date(), nullable=True),
    sa.Column('skill', sa.String(length=10), nullable=True),
    sa.Column('paper_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['expert_id'], ['expert.id'], name=op.f('fk_certificate_expert_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['paper_id'], ['paper.id'], name=op.f('fk_certificate_paper_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['skill'], ['skill.code'], name=op.f('fk_certificate_skill')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_certificate')),
    sa.UniqueConstraint('public_id', name=op.f('uq_certificate_public_id'))
    )
    with op.batch_alter_table('certificate', schema=None) as batch_op:
        batch_op.create_index('ix_certificate_expert', ['expert_id'], unique=False)
        batch_op.create_index('ix_certificate_expiry', ['expires_on'], unique=False)

    op.create_table('incident',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=80), nullable=False),
    sa.Column('kind', sa.String(length=30), nullable=False),
    sa.Column('request_id', sa.Integer(), nullable=True),
    sa.Column('attempt_id', sa.Integer(), nullable=True),
    sa.Column('detail', sa.JSON(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('cleared_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('cleared_by', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['attempt_id'], ['attempt.id'], name=op.f('fk_incident_attempt_id')),
    sa.ForeignKeyConstraint(['cleared_by'], ['user_account.id'], name=op.f('fk_incident_cleared_by')),
    sa.ForeignKeyConstraint(['request_id'], ['crisis_request.id'], name=op.f('fk_incident_request_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_incident'))
    )
    with op.batch_alter_table('incident', schema=None) as batch_op:
        batch_op.create_index('uq_incident_open', ['key'], unique=True, sqlite_where=sa.text('cleared_at IS NULL'), postgresql_where=sa.text('cleared_at IS NULL'))



def downgrade():
    with op.batch_alter_table('incident', schema=None) as batch_op:
        batch_op.drop_index('uq_incident_open', sqlite_where=sa.text('cleared_at IS NULL'), postgresql_where=sa.text('cleared_at IS NULL'))

    op.drop_table('incident')
    with op.batch_alter_table('certificate', schema=None) as batch_op:
        batch_op.drop_index('ix_certificate_expiry')
        batch_op.drop_index('ix_certificate_expert')

    op.drop_table('certificate')
    with op.batch_alter_table('vetting_step', schema=None) as batch_op:
        batch_op.drop_index('ix_vetting_step_stage')
        batch_op.drop_index('ix_vetting_step_reviewer')
        batch_op.drop_index('ix_vetting_step_case')

    op.drop_table('vetting_step')
    with op.batch_alter_table('reference', schema=None) as batch_op:
        batch_op.drop_index('ix_reference_waiting')
        batch_op.drop_index('ix_reference_case')

    op.drop_table('reference')
    with op.batch_alter_table('paper', schema=None) as batch_op:
        batch_op.drop_index('ix_paper_verdict')
        batch_op.drop_index('ix_paper_expert')
        batch_op.drop_index('ix_paper_application')

    op.drop_table('paper')
    with op.batch_alter_table('mission', schema=None) as batch_op:
        batch_op.drop_index('uq_mission_slot', sqlite_where=sa.text("status <> 'withdrawn'"), postgresql_where=sa.text("status <> 'withdrawn'"))
        batch_op.drop_index('uq_mission_seat', sqlite_where=sa.text("status IN ('accepted', 'started')"), postgresql_where=sa.text("status IN ('accepted', 'started')"))
        batch_op.drop_index('ix_mission_evaluate', sqlite_where=sa.text('evaluate_at IS NOT NULL'), postgresql_where=sa.text('evaluate_at IS NOT NULL'))

    op.drop_table('mission')
    with op.batch_alter_table('inbound_message', schema=None) as batch_op:
        batch_op.drop_index('ix_inbound_outcome')
        batch_op.drop_index(batch_op.f('ix_inbound_message_sender'))

    op.drop_table('inbound_message')
    with op.batch_alter_table('attempt', schema=None) as batch_op:
        batch_op.drop_index('ix_attempt_to')
        batch_op.drop_index('ix_attempt_ringing', sqlite_where=sa.text("channel = 'voice' AND status = 'sent'"), postgresql_where=sa.text("channel = 'voice' AND status = 'sent'"))
        batch_op.drop_index('ix_attempt_request')
        batch_op.drop_index(batch_op.f('ix_attempt_provider_sid'))
        batch_op.drop_index('ix_attempt_limbo', sqlite_where=sa.text("status IN ('sending', 'unknown')"), postgresql_where=sa.text("status IN ('sending', 'unknown')"))
        batch_op.drop_index('ix_attempt_due', sqlite_where=sa.text("status = 'queued'"), postgresql_where=sa.text("status = 'queued'"))

    op.drop_table('attempt')
    with op.batch_alter_table('weekly_hours', schema=None) as batch_op:
        batch_op.drop_index('ix_weekly_hours_expert')

    op.drop_table('weekly_hours')
    with op.batch_alter_table('vetting_case', schema=None) as batch_op:
        batch_op.drop_index('uq_vetting_case_open', sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))
        batch_op.drop_index('ix_vetting_case_queue')
        batch_op.drop_index('ix_vetting_case_owner')
        batch_op.drop_index('ix_vetting_case_kind')
        batch_op.drop_index(batch_op.f('ix_vetting_case_expert_id'))
        batch_op.drop_index('ix_vetting_case_due')
        batch_op.drop_index('ix_vetting_case_appeal')

    op.drop_table('vetting_case')
    with op.batch_alter_table('skill_claim', schema=None) as batch_op:
        batch_op.drop_index('ix_skill_claim_skill')

    op.drop_table('skill_claim')
    with op.batch_alter_table('sighting', schema=None) as batch_op:
        batch_op.drop_index('ix_sighting_expert')
        batch_op.drop_index('ix_sighting_at')

    op.drop_table('sighting')
    with op.batch_alter_table('roster_change', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_roster_change_expert_id'))

    op.drop_table('roster_change')
    with op.batch_alter_table('reminder', schema=None) as batch_op:
        batch_op.drop_index('ix_reminder_occasion')
        batch_op.drop_index('ix_reminder_expert')

    op.drop_table('reminder')
    op.drop_table('recovery_code')
    with op.batch_alter_table('posting', schema=None) as batch_op:
        batch_op.drop_index('ix_posting_expert')

    op.drop_table('posting')
    with op.batch_alter_table('phone_proof', schema=None) as batch_op:
        batch_op.drop_index('ix_phone_proof_phone')
        batch_op.drop_index('ix_phone_proof_open', sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))
        batch_op.drop_index('ix_phone_proof_expert')

    op.drop_table('phone_proof')
    with op.batch_alter_table('offer', schema=None) as batch_op:
        batch_op.drop_index('uq_offer_open_expert', sqlite_where=sa.text("status = 'open'"), postgresql_where=sa.text("status = 'open'"))
        batch_op.drop_index('uq_offer_open_code', sqlite_where=sa.text("status = 'open'"), postgresql_where=sa.text("status = 'open'"))
        batch_op.drop_index('ix_offer_request')
        batch_op.drop_index('ix_offer_expert')
        batch_op.drop_index('ix_offer_due', sqlite_where=sa.text("status = 'open'"), postgresql_where=sa.text("status = 'open'"))

    op.drop_table('offer')
    with op.batch_alter_table('notice', schema=None) as batch_op:
        batch_op.drop_index('ix_notice_unsent', sqlite_where=sa.text('by_text AND left_at IS NULL'), postgresql_where=sa.text('by_text AND left_at IS NULL'))

    op.drop_table('notice')
    with op.batch_alter_table('expert_word', schema=None) as batch_op:
        batch_op.drop_index('ix_expert_word_expert')

    op.drop_table('expert_word')
    with op.batch_alter_table('expert_language', schema=None) as batch_op:
        batch_op.drop_index('ix_expert_language_code')

    op.drop_table('expert_language')
    with op.batch_alter_table('evaluation', schema=None) as batch_op:
        batch_op.drop_index('ix_evaluation_expert')

    op.drop_table('evaluation')
    op.drop_table('escalation_step')
    with op.batch_alter_table('decision', schema=None) as batch_op:
        batch_op.drop_index('ix_decision_unexplained', sqlite_where=sa.text('excluded IS NULL'), postgresql_where=sa.text('excluded IS NULL'))
        batch_op.drop_index('ix_decision_request')

    op.drop_table('decision')
    op.drop_table('conflict')
    op.drop_table('calendar_feed')
    with op.batch_alter_table('application', schema=None) as batch_op:
        batch_op.drop_index('ix_application_updated')
        batch_op.drop_index('ix_application_expert')
        batch_op.drop_index(batch_op.f('ix_application_email'))

    op.drop_table('application')
    with op.batch_alter_table('absence', schema=None) as batch_op:
        batch_op.drop_index('ix_absence_expert')

    op.drop_table('absence')
    op.drop_table('user_role')
    op.drop_table('second_factor')
    with op.batch_alter_table('open_session', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_open_session_user_id'))
        batch_op.drop_index(batch_op.f('ix_open_session_created_at'))

    op.drop_table('open_session')
    with op.batch_alter_table('nomination', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_nomination_email'))

    op.drop_table('nomination')
    with op.batch_alter_table('expert', schema=None) as batch_op:
        batch_op.drop_index('uq_expert_phone', sqlite_where=sa.text("two_way OR phone_proved_at IS NOT NULL OR status IN ('qualified', 'listed', 'expired') OR status_before IN ('qualified', 'listed', 'expired')"), postgresql_where=sa.text("two_way OR phone_proved_at IS NOT NULL OR status IN ('qualified', 'listed', 'expired') OR status_before IN ('qualified', 'listed', 'expired')"))
        batch_op.drop_index(batch_op.f('ix_expert_time_zone'))
        batch_op.drop_index('ix_expert_status')
        batch_op.drop_index(batch_op.f('ix_expert_region'))
        batch_op.drop_index('ix_expert_phone')
        batch_op.drop_index('ix_expert_name')
        batch_op.drop_index('ix_expert_look')

    op.drop_table('expert')
    op.drop_table('digest')
    with op.batch_alter_table('crisis_request', schema=None) as batch_op:
        batch_op.drop_index('ix_request_wake', sqlite_where=sa.text('wake_at IS NOT NULL'), postgresql_where=sa.text('wake_at IS NOT NULL'))
        batch_op.drop_index('ix_request_status')
        batch_op.drop_index('ix_request_office')

    op.drop_table('crisis_request')
    op.drop_table('bulk_change')
    op.drop_table('api_token')
    with op.batch_alter_table('user_account', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_user_account_phone'))
        batch_op.drop_index(batch_op.f('ix_user_account_office_code'))

    op.drop_table('user_account')
    op.drop_table('kind_skill')
    with op.batch_alter_table('office', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_office_region'))

    op.drop_table('office')
    op.drop_table('crisis_kind')
    op.drop_table('throttle')
    op.drop_table('skill')
    op.drop_table('service')
    op.drop_table('sender')
    op.drop_table('role')
    op.drop_table('region')
    op.drop_table('reference_stamp')
    op.drop_table('place_name')
    with op.batch_alter_table('place', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_place_lat'))

    op.drop_table('place')
    with op.batch_alter_table('mail', schema=None) as batch_op:
        batch_op.drop_index('ix_mail_due', sqlite_where=sa.text('sent_at IS NULL AND given_up_at IS NULL'), postgresql_where=sa.text('sent_at IS NULL AND given_up_at IS NULL'))

    op.drop_table('mail')
    op.drop_table('language')
    op.drop_table('heartbeat')
    op.drop_table('escalation_policy')
    with op.batch_alter_table('coverage_alert', schema=None) as batch_op:
        batch_op.drop_index('uq_coverage_alert_open', sqlite_where=sa.text('closed_at IS NULL'), postgresql_where=sa.text('closed_at IS NULL'))
        batch_op.drop_index('ix_coverage_alert_open')

    op.drop_table('coverage_alert')
    with op.batch_alter_table('audit_row', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_audit_row_subject'))
        batch_op.drop_index(batch_op.f('ix_audit_row_at'))
        batch_op.drop_index(batch_op.f('ix_audit_row_actor'))
        batch_op.drop_index(batch_op.f('ix_audit_row_action'))

    op.drop_table('audit_row')
