// Form fields, percent coding and cookies: nothing crashes, and what was decoded survives another round.

#include "base/text.hpp"
#include "net/http_message.hpp"
#include "net/percent_coding.hpp"
#include "require.hpp"

using namespace opsteward;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);

    if (const auto form = net::FormFields::Parse(text)) {
        Require(form->all().size() <= 1000);
        for (const auto& [name, value] : form->all()) {
            Require(IsValidUtf8(name) && IsValidUtf8(value));
            Require(form->Has(name));
        }
        const auto again = net::FormFields::Parse(form->Encode());
        Require(again && again->all() == form->all());
    }

    for (const bool plus_is_space : {false, true}) {
        const auto decoded = net::PercentDecode(net::PercentEncode(text), plus_is_space);
        Require(decoded.has_value() == IsValidUtf8(text));
        Require(!decoded || *decoded == text);
    }

    // The first line is the name, the rest the field.
    const auto line = text.find('\n');
    net::Request request;
    request.headers.Add("Cookie", line == std::string_view::npos ? text : text.substr(line + 1));
    const std::string_view value = request.Cookie(text.substr(0, line));
    Require(value.find(';') == std::string_view::npos);
    return 0;
}
