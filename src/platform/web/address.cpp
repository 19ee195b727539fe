#include "platform/web/address.hpp"

namespace opsteward::web {

Address Address::Of(const net::Request& request) {
    Address address(request.path);
    for (const auto& [name, value] : request.query.all()) {
        if (name != "page" && name != "format" && !value.empty()) address.fields_.Set(name, value);
    }
    return address;
}

Address Address::With(std::string_view name, std::string_view value) const {
    Address changed(path_);
    bool is_set = false;
    for (const auto& [key, kept] : fields_.all()) {
        if (key != name) {
            changed.fields_.Set(key, kept);
        } else if (!value.empty()) {
            changed.fields_.Set(name, value);
            is_set = true;
        }
    }
    if (!is_set && !value.empty()) changed.fields_.Set(name, value);
    return changed;
}

std::string Address::text() const {
    const std::string query = fields_.Encode();
    return query.empty() ? path_ : path_ + "?" + query;
}

}  // namespace opsteward::web
