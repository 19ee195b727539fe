// Two versions and an update, one a line: in every scheme keys are an order, none begins another, an update's key lies between those of its version, and the
// keys of dpkg say what the plain comparison says.
#include <string>
#include <string_view>

#include "base/text.hpp"
#include "require.hpp"
#include "versions/dpkg_order.hpp"
#include "versions/version.hpp"

using namespace opsteward;
using namespace opsteward::versions;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    auto lines = SplitLines({reinterpret_cast<const char*>(data), size});
    lines.resize(3);
    for (const Scheme scheme : {Scheme::kGeneric, Scheme::kDpkg, Scheme::kRpm, Scheme::kWindowsBuild}) {
        const std::string a = Key(scheme, lines[0], lines[2]);
        const std::string b = Key(scheme, lines[1]);
        Require(a == b || (!a.starts_with(b) && !b.starts_with(a)));
        Require((Compare(scheme, lines[0], lines[1]) <=> 0) == (0 <=> Compare(scheme, lines[1], lines[0])));
        const KeyRange range = KeysOf(scheme, lines[0]);
        if (range.lowest == range.highest) {
            Require(Key(scheme, lines[0]) == range.lowest);
        } else {
            Require(range.lowest < a && a < range.highest);
            const KeyRange other = KeysOf(scheme, lines[1]);
            // Or of a version that names its update, or of all that begin so.
            const bool is_range = other.lowest != other.highest && !lines[0].ends_with('*') && !lines[1].ends_with('*');
            Require(!is_range || range.lowest == other.lowest || range.highest < other.lowest || other.highest < range.lowest);
        }
    }
    Require((Key(Scheme::kDpkg, lines[0]) <=> Key(Scheme::kDpkg, lines[1])) == CompareDpkg(lines[0], lines[1]));
    return 0;
}
