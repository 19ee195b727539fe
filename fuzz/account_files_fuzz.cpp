// One text as passwd, group, shadow and sudoers at once: the accounts are sound and an alias that names itself ends.
#include <set>
#include <string_view>

#include "features/inventory/host/account_files.hpp"
#include "require.hpp"

using namespace opsteward;
using namespace opsteward::inventory::host;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    AccountSources sources{.passwd = ParsePasswd(text),
                           .groups = ParseGroup(text),
                           .shadow = ParseShadow(text),
                           .sudoers = Sudoers{},
                           .has_login_key = [](const PasswdEntry&) { return std::optional(true); }};
    AddSudoers(text, *sources.sudoers);
    std::set<std::string> names;
    for (const Account& account : JoinAccounts(sources, FromMillis(1'792'641'600'000))) {
        Require(!account.name.empty() && names.insert(account.name).second);
        Require(account.is_enabled.has_value() && account.is_privileged.has_value());
        Require(account.uid != 0 || *account.is_privileged);
    }
    for (const std::string& item : sources.sudoers->named) Require(!item.empty() && item.front() != '!');
    return 0;
}
