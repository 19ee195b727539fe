// What a request asks for: the request-target of RFC 9112 section 3.2, split, decoded and held to one spelling.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace opsteward::net {

struct RequestTarget {
    std::string path;        ///< decoded; see Request::path
    std::string_view query;  ///< still encoded, without '?'; points into the text that was parsed
    std::string_view authority;  ///< of the absolute form ("http://host:8443/x"), else empty
};

/// Takes the origin form ("/a/b?x=1") and the absolute form with http or https. Nothing when the path does not begin
/// with '/', a segment is "." or "..", is empty though not the last, or holds (escaped or not) a slash, a backslash or
/// a control character; when an escape or the UTF-8 is broken; when there is a '#' or a byte outside ASCII.
/// A path that two programs could read in two ways is refused, not repaired.
std::optional<RequestTarget> ParseRequestTarget(std::string_view target);

/// A host with an optional port as the Host field has it (RFC 9110 section 7.2): no user, no path, nothing else.
bool IsValidAuthority(std::string_view authority);

}  // namespace opsteward::net
