#include "cli/host_name.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>

namespace opsteward::cli {

namespace {

bool IsOfHostName(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.'; }

}  // namespace

std::string HostName() {
    std::array<char, 256> name{};
    return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

std::string KeyName(std::string_view role) {
    std::string host = HostName();
    if (host.empty()) host = "opsteward";
    std::ranges::replace_if(host, [](char c) { return !IsOfHostName(c); }, '-');
    return host.append("/").append(role);
}

}  // namespace opsteward::cli
