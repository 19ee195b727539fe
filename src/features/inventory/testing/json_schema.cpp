#include "features/inventory/testing/json_schema.hpp"

#include <algorithm>

#include "base/civil_time.hpp"
#include "base/text.hpp"

namespace opsteward::inventory {
namespace {

class Checker {
  public:
    explicit Checker(const json::object& schemas) : schemas_(schemas) {}

    void Check(const json::object& schema, const json::value& value, const std::string& place) {
        for (const auto& keyword : schema) CheckKeyword(keyword.key(), keyword.value(), schema, value, place);
    }
    std::vector<std::string> faults;

  private:
    void Fault(const std::string& place, const std::string& what) {
        faults.push_back((place.empty() ? "/" : place) + ": " + what);
    }

    static bool HasType(std::string_view type, const json::value& value) {
        if (type == "null") return value.is_null();
        if (type == "boolean") return value.is_bool();
        if (type == "integer") return value.is_int64() || value.is_uint64();
        if (type == "number") return value.is_number();
        if (type == "string") return value.is_string();
        if (type == "array") return value.is_array();
        return type == "object" && value.is_object();
    }

    void CheckKeyword(std::string_view name, const json::value& keyword, const json::object& schema, const json::value& value,
                      const std::string& place) {
        if (name == "description") return;
        if (name == "type") return CheckType(keyword, value, place);
        if (name == "enum") {
            if (std::ranges::find(keyword.as_array(), value) == keyword.as_array().end())
                Fault(place, json::serialize(value) + " is none of the words");
        } else if (name == "$ref") {
            CheckReference(std::string(keyword.as_string()), value, place);
        } else if (name == "anyOf") {
            CheckAnyOf(keyword.as_array(), value, place);
        } else if (name == "required") {
            for (const auto& field : keyword.as_array()) {
                if (value.is_object() && !value.as_object().contains(field.as_string()))
                    Fault(place, "lacks " + json::serialize(field));
            }
        } else if (name == "properties") {
            CheckProperties(keyword.as_object(), schema, value, place);
        } else if (name == "items") {
            for (std::size_t i = 0; value.is_array() && i < value.as_array().size(); ++i)
                Check(keyword.as_object(), value.as_array()[i], place + "/" + std::to_string(i));
        } else if (name == "format") {
            if (value.is_string() && !ParseRfc3339(std::string(value.as_string())).ok()) Fault(place, "no date-time");
        } else if (name == "minLength" || name == "maxLength") {
            const auto length = value.is_string() ? static_cast<std::int64_t>(CountCodePoints(value.as_string())) : 0;
            const bool is_bad = name == "minLength" ? length < keyword.as_int64() : length > keyword.as_int64();
            if (value.is_string() && is_bad) Fault(place, "too short or too long");
        } else if (name == "minimum" || name == "maximum") {
            const double number = value.is_number() ? value.to_number<double>() : 0;
            const bool is_bad = name == "minimum" ? number < keyword.to_number<double>() : number > keyword.to_number<double>();
            if (value.is_number() && is_bad) Fault(place, "too small or too large");
        } else if (name == "minItems" || name == "maxItems") {
            const auto size = value.is_array() ? static_cast<std::int64_t>(value.as_array().size()) : 0;
            const bool is_bad = name == "minItems" ? size < keyword.as_int64() : size > keyword.as_int64();
            if (value.is_array() && is_bad) Fault(place, "too few or too many");
        } else if (name != "additionalProperties") {
            Fault(place, "the schema uses " + std::string(name) + ", which is not checked");
        }
    }

    void CheckType(const json::value& keyword, const json::value& value, const std::string& place) {
        const bool fits =
            keyword.is_string()
                ? HasType(keyword.as_string(), value)
                : std::ranges::any_of(keyword.as_array(), [&](const auto& type) { return HasType(type.as_string(), value); });
        if (!fits) Fault(place, json::serialize(value) + " is not of type " + json::serialize(keyword));
    }

    void CheckReference(const std::string& reference, const json::value& value, const std::string& place) {
        const json::value* const target = schemas_.if_contains(reference.substr(reference.rfind('/') + 1));
        if (target == nullptr) return Fault(place, "nothing is called " + reference);
        Check(target->as_object(), value, place);
    }

    void CheckAnyOf(const json::array& choices, const json::value& value, const std::string& place) {
        for (const auto& choice : choices) {
            Checker one(schemas_);
            one.Check(choice.as_object(), value, place);
            if (one.faults.empty()) return;
        }
        Fault(place, json::serialize(value) + " fits none of the choices");
    }

    void CheckProperties(const json::object& properties, const json::object& schema, const json::value& value,
                         const std::string& place) {
        if (!value.is_object()) return;
        const json::value* const others = schema.if_contains("additionalProperties");
        if (others == nullptr || *others != json::value(false)) Fault(place, "the schema allows other fields");
        for (const auto& field : value.as_object()) {
            const json::value* const property = properties.if_contains(field.key());
            if (property == nullptr) {
                Fault(place, "has " + std::string(field.key()) + ", which is not described");
            } else {
                Check(property->as_object(), field.value(), place + "/" + std::string(field.key()));
            }
        }
    }

    const json::object& schemas_;
};

}  // namespace

std::vector<std::string> SchemaFaults(const json::value& schema, const json::value& value, const json::object& schemas) {
    Checker checker(schemas);
    checker.Check(schema.as_object(), value, "");
    return checker.faults;
}

}  // namespace opsteward::inventory
