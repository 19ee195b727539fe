#include "platform/procedure/check_sql.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace opsteward::procedure {

namespace {

/// Whatever one of the databases might take for the name of a parameter; ValuesFor knows which names there are.
bool IsNameByte(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
}

Error Unended(std::string_view what) {
    return Error::Of(ErrorCode::kInvalidInput, fmt::format("{} 沒有結尾。", what), fmt::format("{} has no end.", what));
}

}  // namespace

Result<NumberedSql> NumberParameters(std::string_view input) {
    std::string_view sql = Trim(input);
    while (sql.ends_with(';')) sql = Trim(sql.substr(0, sql.size() - 1));
    NumberedSql numbered;
    const auto copy_until = [&](std::size_t from, std::string_view end) -> std::size_t {
        const std::size_t at = sql.find(end, from);
        return at == std::string_view::npos ? at : at + end.size();
    };
    for (std::size_t i = 0; i < sql.size();) {
        std::size_t next = i + 1;
        if (sql[i] == '\'' || sql[i] == '"') {
            // A doubled quote inside ends one literal and begins the next, which comes to the same.
            next = copy_until(i + 1, sql.substr(i, 1));
            if (next == std::string_view::npos) return Unended(sql.substr(i, 1));
        } else if (sql.substr(i).starts_with("--")) {
            next = std::min(sql.find('\n', i), sql.size());
        } else if (sql.substr(i).starts_with("/*")) {
            next = copy_until(i + 2, "*/");
            if (next == std::string_view::npos) return Unended("/*");
        } else if (sql.substr(i).starts_with("::")) {
            next = i + 2;
        } else if (sql[i] == '$' || sql[i] == '@' || sql[i] == '?') {
            // Parameters in the manner of one database or the other; none of these would get a value.
            return Error::Of(ErrorCode::kInvalidInput, "參數請寫成 :名稱。", "Write parameters as :name.");
        } else if (sql[i] == ':' && next < sql.size() && IsNameByte(sql[next])) {
            while (next < sql.size() && IsNameByte(sql[next])) ++next;
            const std::string name(sql.substr(i + 1, next - i - 1));
            auto found = std::find(numbered.names.begin(), numbered.names.end(), name);
            if (found == numbered.names.end()) found = numbered.names.insert(numbered.names.end(), name);
            numbered.sql += fmt::format("${}", found - numbered.names.begin() + 1);
            i = next;
            continue;
        }
        numbered.sql += sql.substr(i, next - i);
        i = next;
    }
    return numbered;
}

Result<std::vector<db::Value>> ValuesFor(const NumberedSql& sql, const std::map<std::string, Parameter>& parameters,
                                         Instant now) {
    std::vector<db::Value> values;
    for (const auto& name : sql.names) {
        if (name == "now") {
            values.emplace_back(now);
            continue;
        }
        const auto found = parameters.find(name);
        if (found == parameters.end()) {
            return Error::Of(ErrorCode::kInvalidInput, fmt::format("參數 :{} 沒有定義在 parameters。", name),
                             fmt::format("The parameter :{} is not among the check's parameters.", name));
        }
        values.push_back(std::visit([](const auto& v) { return db::Value(v); }, found->second));
    }
    return values;
}

}  // namespace opsteward::procedure
