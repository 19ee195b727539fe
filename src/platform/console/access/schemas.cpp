// What the API of this room takes and gives (JSON Schema 2020-12). json_form.cpp writes and reads it.
#include "platform/console/access/routes.hpp"

namespace opsteward::console {

namespace {

constexpr std::string_view kRoleGrant = R"({
    "type": "object", "required": ["role", "unit_id"], "additionalProperties": false,
    "description": "A role held in a unit; it counts for the unit and everything below it",
    "properties": {
        "role": {"type": "string", "enum": ["network_admin", "system_admin", "supervisor", "executive_secretary", "network_user",
            "vans_admin", "checker", "security_team", "auditor", "administrator"]},
        "unit_id": {"type": "integer"}}})";

constexpr std::string_view kAccount = R"({
    "type": "object", "additionalProperties": false,
    "required": ["id", "name", "display_name", "email", "unit_id", "is_enabled", "must_change_password", "has_totp", "ends_at",
        "locked_until", "last_sign_in_at", "created_at", "roles"],
    "properties": {
        "id": {"type": "integer"},
        "name": {"type": "string", "description": "User name"},
        "display_name": {"type": "string"},
        "email": {"type": "string"},
        "unit_id": {"type": "integer"},
        "is_enabled": {"type": "boolean"},
        "must_change_password": {"type": "boolean", "description": "The one-time password is not changed yet"},
        "has_totp": {"type": "boolean"},
        "ends_at": {"type": ["string", "null"], "format": "date-time"},
        "locked_until": {"type": ["string", "null"], "format": "date-time"},
        "last_sign_in_at": {"type": ["string", "null"], "format": "date-time"},
        "created_at": {"type": "string", "format": "date-time"},
        "roles": {"type": "array", "items": {"$ref": "#/components/schemas/RoleGrant"}}}})";

constexpr std::string_view kMe = R"({
    "type": "object", "additionalProperties": false,
    "required": ["id", "name", "display_name", "email", "unit_id", "is_enabled", "must_change_password", "has_totp", "ends_at",
        "locked_until", "last_sign_in_at", "created_at", "roles", "scope", "permissions"],
    "properties": {
        "id": {"type": "integer"},
        "name": {"type": "string", "description": "User name"},
        "display_name": {"type": "string"},
        "email": {"type": "string"},
        "unit_id": {"type": "integer"},
        "is_enabled": {"type": "boolean"},
        "must_change_password": {"type": "boolean"},
        "has_totp": {"type": "boolean"},
        "ends_at": {"type": ["string", "null"], "format": "date-time"},
        "locked_until": {"type": ["string", "null"], "format": "date-time"},
        "last_sign_in_at": {"type": ["string", "null"], "format": "date-time"},
        "created_at": {"type": "string", "format": "date-time"},
        "roles": {"type": "array", "items": {"$ref": "#/components/schemas/RoleGrant"}},
        "scope": {"type": "string", "enum": ["read", "write"], "description": "Of the token; a session may write"},
        "permissions": {"type": "array", "items": {
            "type": "object", "required": ["key", "title", "unit_ids"], "additionalProperties": false,
            "properties": {
                "key": {"type": "string"},
                "title": {"$ref": "#/components/schemas/Text"},
                "unit_ids": {"type": "array", "items": {"type": "integer"}}}}}}})";

constexpr std::string_view kAccountList = R"({
    "type": "object", "required": ["items", "total"], "additionalProperties": false,
    "properties": {
        "items": {"type": "array", "items": {"$ref": "#/components/schemas/Account"}},
        "total": {"type": "integer", "description": "How many fit, on all pages"}}})";

constexpr std::string_view kNewAccount = R"({
    "type": "object", "required": ["name", "display_name", "unit_id"], "additionalProperties": false,
    "properties": {
        "name": {"type": "string", "pattern": "^[a-z0-9._-]{1,64}$"},
        "display_name": {"type": "string", "maxLength": 200},
        "email": {"type": "string", "maxLength": 200},
        "unit_id": {"type": "integer"},
        "is_enabled": {"type": "boolean", "default": true},
        "ends_at": {"type": ["string", "null"], "description": "A time (RFC 3339), or a date: the last day"},
        "roles": {"type": "array", "items": {"$ref": "#/components/schemas/RoleGrant"}}}})";

constexpr std::string_view kCreatedAccount = R"({
    "type": "object", "required": ["account", "one_time_password"], "additionalProperties": false,
    "properties": {
        "account": {"$ref": "#/components/schemas/Account"},
        "one_time_password": {"type": "string", "description": "Given this one time"}}})";

constexpr std::string_view kAccountChange = R"({
    "type": "object", "additionalProperties": false,
    "properties": {
        "display_name": {"type": "string", "maxLength": 200},
        "email": {"type": "string", "maxLength": 200},
        "unit_id": {"type": "integer"},
        "is_enabled": {"type": "boolean"},
        "ends_at": {"type": ["string", "null"], "description": "A time (RFC 3339), or a date: the last day"},
        "roles": {"type": "array", "items": {"$ref": "#/components/schemas/RoleGrant"}, "description": "All of them"}}})";

constexpr std::string_view kRoleList = R"({
    "type": "object", "required": ["items"], "additionalProperties": false,
    "properties": {"items": {"type": "array", "items": {
        "type": "object", "required": ["key", "title"], "additionalProperties": false,
        "properties": {"key": {"type": "string"}, "title": {"$ref": "#/components/schemas/Text"}}}}}})";

constexpr std::string_view kUnit = R"({
    "type": "object", "required": ["id", "parent_id", "name", "is_active"], "additionalProperties": false,
    "properties": {
        "id": {"type": "integer"},
        "parent_id": {"type": ["integer", "null"], "description": "null: the top of the organisation"},
        "name": {"type": "string"},
        "is_active": {"type": "boolean"}}})";

constexpr std::string_view kUnitList = R"({
    "type": "object", "required": ["items"], "additionalProperties": false,
    "properties": {"items": {"type": "array", "items": {"$ref": "#/components/schemas/Unit"}}}})";

constexpr std::string_view kNewUnit = R"({
    "type": "object", "required": ["parent_id", "name"], "additionalProperties": false,
    "properties": {"parent_id": {"type": "integer"}, "name": {"type": "string", "maxLength": 100}}})";

constexpr std::string_view kUnitChange = R"({
    "type": "object", "additionalProperties": false,
    "properties": {"parent_id": {"type": "integer"}, "name": {"type": "string", "maxLength": 100}, "is_active": {"type": "boolean"}}})";

constexpr std::string_view kSessionList = R"({
    "type": "object", "required": ["items"], "additionalProperties": false,
    "properties": {"items": {"type": "array", "items": {
        "type": "object", "required": ["id", "address", "user_agent", "created_at", "last_used_at", "is_current"], "additionalProperties": false,
        "properties": {
            "id": {"type": "integer"},
            "address": {"type": "string"},
            "user_agent": {"type": "string"},
            "created_at": {"type": "string", "format": "date-time"},
            "last_used_at": {"type": "string", "format": "date-time"},
            "is_current": {"type": "boolean"}}}}}})";

constexpr std::string_view kTokenList = R"({
    "type": "object", "required": ["items"], "additionalProperties": false,
    "properties": {"items": {"type": "array", "items": {
        "type": "object", "required": ["id", "name", "scope", "created_at", "ends_at", "last_used_at"], "additionalProperties": false,
        "properties": {
            "id": {"type": "integer"},
            "name": {"type": "string"},
            "scope": {"type": "string", "enum": ["read", "write"]},
            "created_at": {"type": "string", "format": "date-time"},
            "ends_at": {"type": "string", "format": "date-time"},
            "last_used_at": {"type": ["string", "null"], "format": "date-time"}}}}}})";

constexpr std::string_view kNewToken = R"({
    "type": "object", "required": ["name", "scope", "days"], "additionalProperties": false,
    "properties": {
        "name": {"type": "string", "maxLength": 100},
        "scope": {"type": "string", "enum": ["read", "write"]},
        "days": {"type": "integer", "minimum": 1, "maximum": 366}}})";

}  // namespace

std::vector<web::SchemaSpec> AccessSchemas() {
    return {{"RoleGrant", kRoleGrant},
            {"Account", kAccount},
            {"AccountList", kAccountList},
            {"NewAccount", kNewAccount},
            {"CreatedAccount", kCreatedAccount},
            {"AccountChange", kAccountChange},
            {"Me", kMe},
            {"RoleList", kRoleList},
            {"Unit", kUnit},
            {"UnitList", kUnitList},
            {"NewUnit", kNewUnit},
            {"UnitChange", kUnitChange},
            {"SessionList", kSessionList},
            {"TokenList", kTokenList},
            {"NewToken", kNewToken}};
}

}  // namespace opsteward::console
