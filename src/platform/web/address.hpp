// Addresses of this site whose query is changed piece by piece: for links that sort, filter and page.
#pragma once

#include <string>
#include <string_view>

#include "net/http_message.hpp"

namespace opsteward::web {

/// A path of this site with its query.
class Address {
  public:
    explicit Address(std::string path) : path_(std::move(path)) {}
    /// Path and query of the request, without the page number and the format.
    static Address Of(const net::Request& request);
    /// A copy with this field, or without it when `value` is empty.
    Address With(std::string_view name, std::string_view value) const;
    std::string text() const;

  private:
    std::string path_;
    net::FormFields fields_;
};

}  // namespace opsteward::web
