// What the actions, subjects, fields and values of the audit trail are called. What has no name here is shown as it is
// kept.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/json.hpp"
#include "base/language.hpp"
#include "platform/console/records/difference.hpp"

namespace opsteward::console::records {

/// "account.disable" → 停用帳號
std::string ActionTitle(std::string_view action, Language language);
/// "account" → 帳號
std::string SubjectKindTitle(std::string_view kind, Language language);
/// "display_name" → 顯示名稱; of a nested field the last part.
std::string FieldTitle(std::string_view field, Language language);

/// Values as people read them: yes and no, names of units and roles, Taipei time.
class ValueWords {
  public:
    ValueWords(Language language, std::map<std::int64_t, std::string> unit_names)
        : language_(language), unit_names_(std::move(unit_names)) {}

    std::string Of(std::string_view field, const json::value& value) const;
    /// "啟用：是 → 否"
    std::string Of(const FieldChange& change) const;
    /// "" when the unit is not known.
    std::string UnitName(std::int64_t unit_id) const;

  private:
    std::string OfList(std::string_view field, const json::array& list) const;
    std::string OfRoleGrant(const json::object& grant) const;
    std::string OfRecord(const json::object& record) const;

    Language language_;
    std::map<std::int64_t, std::string> unit_names_;
};

}  // namespace opsteward::console::records
