#include "features/inventory/migrations.hpp"

namespace opsteward::inventory {
namespace {

constexpr std::string_view kRegister = R"(
CREATE TABLE inventory_devices (
    id @id,
    name TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('server', 'workstation', 'network', 'firewall')),
    unit_id @int NOT NULL,
    owner_id @int,
    owner_name TEXT,
    is_core @int NOT NULL CHECK (is_core IN (0, 1)),
    address TEXT NOT NULL,
    notes TEXT NOT NULL,
    host_key TEXT UNIQUE,
    registered_at @int NOT NULL,
    retired_at @int,
    last_observed_at @int
) @strict
;;
CREATE INDEX inventory_devices_by_unit ON inventory_devices (unit_id)
;;
CREATE TABLE inventory_coverage (
    device_id @int NOT NULL REFERENCES inventory_devices (id),
    topic TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('observed', 'not_observed')),
    reason_zh TEXT,
    reason_en TEXT,
    observed_at @int,
    PRIMARY KEY (device_id, topic)
) @strict
;;
CREATE TABLE inventory_changes (
    id @id,
    device_id @int NOT NULL REFERENCES inventory_devices (id),
    topic TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    before_json TEXT,
    after_json TEXT,
    at @int NOT NULL
) @strict
;;
CREATE INDEX inventory_changes_by_device ON inventory_changes (device_id, id)
;;
CREATE TABLE inventory_approvals (
    id @id,
    device_id @int NOT NULL REFERENCES inventory_devices (id),
    kind TEXT NOT NULL CHECK (kind IN ('listener', 'account', 'software')),
    name TEXT,
    protocol TEXT,
    port @int,
    program TEXT,
    address TEXT,
    reason TEXT NOT NULL,
    approved_by @int NOT NULL,
    approved_by_name TEXT NOT NULL,
    approved_at @int NOT NULL,
    until_at @int,
    ended_at @int,
    ended_by_name TEXT,
    ended_why TEXT CHECK (ended_why IN ('withdrawn', 'replaced', 'expired')),
    CHECK ((kind = 'listener') = (protocol IS NOT NULL AND port IS NOT NULL AND address IS NOT NULL)),
    CHECK ((kind = 'listener') = (name IS NULL))
) @strict
;;
CREATE INDEX inventory_approvals_in_force ON inventory_approvals (device_id, kind, name, port) WHERE ended_at IS NULL
;;
CREATE INDEX inventory_approvals_by_device ON inventory_approvals (device_id, id)
;;
CREATE INDEX inventory_approvals_by_end ON inventory_approvals (until_at) WHERE ended_at IS NULL AND until_at IS NOT NULL
;;
CREATE TABLE inventory_backup_copies (
    id @id,
    data_set TEXT NOT NULL,
    place TEXT NOT NULL,
    made_at @int NOT NULL,
    verified_at @int,
    size_bytes @int NOT NULL,
    UNIQUE (data_set, place, made_at)
) @strict
)";

/// One table for each topic of topic.cpp: its columns, whether a row is approved, since when it is there and when it was written.
/// Written out, so that a change of a topic needs a migration; views_test.cpp holds the two against each other.
constexpr std::string_view kFacts = R"(
CREATE TABLE facts_operating_systems (
    id @id,
    device_id @int NOT NULL REFERENCES inventory_devices (id),
    os_id TEXT,
    name TEXT,
    version TEXT,
    codename TEXT,
    kernel TEXT,
    architecture TEXT,
    end_of_life_at @int,
    booted_at @int,
    reboot_required @int,
    first_seen_at @int NOT NULL,
    written_at @int NOT NULL
) @strict
;;
CREATE INDEX facts_operating_systems_by_device ON facts_operating_systems (device_id)
;;
CREATE TABLE facts_resources (
    id @id,
    device_id @int NOT NULL REFERENCES inventory_devices (id),
    resource TEXT,
    subject TEXT,
    used_ratio @real,
    capacity @int,
    capacity_unit TEXT,
    first_seen_at @int NOT NULL,
    written_at @int NOT NULL
) @strict
;;
CREATE INDEX facts_resources_by_device ON facts_resources (device_id)
;;
CREATE TABLE facts_interfaces (
    id @id,
    device_id @int NOT NULL REFERENCES inventory_devices (id),
    name TEXT,
    mac TEXT,
    addresses TEXT,
    is_up @int,
    speed_mbit @int,
    receive_bytes_per_s @real,
    transmit_bytes_per_s @real,
    errors_per_s @real,
    first_seen_at @int NOT NULL,
    written_at @int NOT NULL
) @strict
;;
CREATE INDEX facts_interfaces_by_device ON facts_interfaces (device_id)
;;
CREATE TABLE facts_listening_sockets (
    id @id,
    device_id @int NOT NULL REFERENCES inventory_devices (id),
    protocol TEXT,
    address TEXT,
    port @int,
    program TEXT,
    uid @int,
    user_name TEXT,
    is_loopback @int,
    approval_id @int REFERENCES inventory_approvals (id),
    first_seen_at @int NOT NULL,
    written_at @int NOT NULL
) @strict
;;
CREATE INDEX facts_listening_sockets_by_device ON facts_listening_sockets (device_id)
;;
CREATE INDEX facts_listening_sockets_by_port ON facts_listening_sockets (port)
;;
CREATE INDEX facts_listening_sockets_unapproved ON facts_listening_sockets (device_id) WHERE approval_id IS NULL
;;
CREATE TABLE facts_services (
    id @id,
    device_id @int NOT NULL REFERENCES inventory_devices (id),
    name TEXT,
    is_enabled @int,
    first_seen_at @int NOT NULL,
    written_at @int NOT NULL
) @strict
;;
CREATE INDEX facts_services_by_device ON facts_services (device_id)
;;
CREATE TABLE facts_processes (
    id @id,
    device_id @int NOT NULL REFERENCES inventory_devices (id),
    name TEXT,
    uid @int,
    user_name TEXT,
    instances @int,
    first_seen_at @int NOT NULL,
    written_at @int NOT NULL
) @strict
;;
CREATE INDEX facts_processes_by_device ON facts_processes (device_id)
;;
CREATE TABLE facts_scheduled_tasks (
    id @id,
    device_id @int NOT NULL REFERENCES inventory_devices (id),
    source TEXT,
    schedule TEXT,
    user_name TEXT,
    program TEXT,
    first_seen_at @int NOT NULL,
    written_at @int NOT NULL
) @strict
;;
CREATE INDEX facts_scheduled_tasks_by_device ON facts_scheduled_tasks (device_id)
;;
CREATE TABLE facts_accounts (
    id @id,
    device_id @int NOT NULL REFERENCES inventory_devices (id),
    name TEXT,
    uid @int,
    is_enabled @int,
    is_privileged @int,
    can_login @int,
    shell TEXT,
    groups TEXT,
    approval_id @int REFERENCES inventory_approvals (id),
    first_seen_at @int NOT NULL,
    written_at @int NOT NULL
) @strict
;;
CREATE INDEX facts_accounts_by_device ON facts_accounts (device_id)
;;
CREATE INDEX facts_accounts_unapproved ON facts_accounts (device_id) WHERE approval_id IS NULL
;;
CREATE TABLE facts_remote_login_settings (
    id @id,
    device_id @int NOT NULL REFERENCES inventory_devices (id),
    service TEXT,
    setting TEXT,
    value TEXT,
    first_seen_at @int NOT NULL,
    written_at @int NOT NULL
) @strict
;;
CREATE INDEX facts_remote_login_settings_by_device ON facts_remote_login_settings (device_id)
;;
CREATE TABLE facts_installed_software (
    id @id,
    device_id @int NOT NULL REFERENCES inventory_devices (id),
    name TEXT,
    version TEXT,
    architecture TEXT,
    publisher TEXT,
    in_repository @int,
    approval_id @int REFERENCES inventory_approvals (id),
    first_seen_at @int NOT NULL,
    written_at @int NOT NULL
) @strict
;;
CREATE INDEX facts_installed_software_by_device ON facts_installed_software (device_id)
;;
CREATE INDEX facts_installed_software_by_name ON facts_installed_software (name, device_id)
;;
CREATE INDEX facts_installed_software_foreign ON facts_installed_software (device_id) WHERE approval_id IS NULL AND in_repository = 0
;;
CREATE TABLE facts_pending_updates (
    id @id,
    device_id @int NOT NULL REFERENCES inventory_devices (id),
    name TEXT,
    installed_version TEXT,
    offered_version TEXT,
    is_security @int,
    first_seen_at @int NOT NULL,
    written_at @int NOT NULL
) @strict
;;
CREATE INDEX facts_pending_updates_by_device ON facts_pending_updates (device_id)
;;
CREATE TABLE facts_anti_virus (
    id @id,
    device_id @int NOT NULL REFERENCES inventory_devices (id),
    product TEXT,
    version TEXT,
    is_running @int,
    scans_actively @int,
    pattern_version TEXT,
    pattern_at @int,
    first_seen_at @int NOT NULL,
    written_at @int NOT NULL
) @strict
;;
CREATE INDEX facts_anti_virus_by_device ON facts_anti_virus (device_id)
;;
CREATE TABLE facts_clock_status (
    id @id,
    device_id @int NOT NULL REFERENCES inventory_devices (id),
    service TEXT,
    is_running @int,
    is_synchronised @int,
    estimated_error_ms @real,
    offset_ms @real,
    first_seen_at @int NOT NULL,
    written_at @int NOT NULL
) @strict
;;
CREATE INDEX facts_clock_status_by_device ON facts_clock_status (device_id)
;;
CREATE TABLE facts_time_sources (
    id @id,
    device_id @int NOT NULL REFERENCES inventory_devices (id),
    source TEXT,
    first_seen_at @int NOT NULL,
    written_at @int NOT NULL
) @strict
;;
CREATE INDEX facts_time_sources_by_device ON facts_time_sources (device_id)
;;
CREATE TABLE facts_log_services (
    id @id,
    device_id @int NOT NULL REFERENCES inventory_devices (id),
    service TEXT,
    is_running @int,
    is_persistent @int,
    oldest_entry_at @int,
    first_seen_at @int NOT NULL,
    written_at @int NOT NULL
) @strict
;;
CREATE INDEX facts_log_services_by_device ON facts_log_services (device_id)
)";

constexpr db::Migration kMigrations[] = {
    {"inventory", 1, "register of devices, coverage, changes, approvals, backup copies", kRegister},
    {"inventory", 2, "facts by topic", kFacts},
};

}  // namespace

std::span<const db::Migration> Migrations() { return kMigrations; }

}  // namespace opsteward::inventory
