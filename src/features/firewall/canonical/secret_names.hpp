// The names that vendors give to secrets.
#pragma once

#include <string_view>

namespace opsteward::firewall {

/// Whether an element, key or word names a secret that stands in it or behind it: by how it ends ("login-password", "bind_pw", "pre-shared-key"), in any case
/// of letters; public keys are none.
bool IsSecretName(std::string_view name);

}  // namespace opsteward::firewall
