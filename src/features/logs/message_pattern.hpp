// Sentences of devices whose wording is known: "Deny {proto} src {src} dst {dst} by access-group \"{rule}\"".
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "features/logs/parsed_line.hpp"

namespace opsteward::logs {

/// Literal text and slots in braces. A slot is
///   a name of the dictionary;
///   a name and the one word it must be: direction:inbound;
///   src, dst, src_nat or dst_nat for an end of a connection (see AddEndpoint);
///   nothing for what is passed over.
/// Text before the first slot must begin the message; where the slot comes first it is one word, and what follows it must stand
/// right behind. Later text is looked for, so that what stands between does not matter. Reading ends where such a text is missing:
/// of a message that was cut off, the fields before are kept. A misspelt name does not compile.
class MessagePattern {
  public:
    // Implicit: tables of patterns are written as tables of texts.
    template <std::size_t N>
    consteval MessagePattern(const char (&text)[N])  // NOLINT(google-explicit-constructor)
        : MessagePattern(std::string_view(text, N - 1)) {}

    /// False, with nothing added, when the message does not begin so.
    bool Read(std::string_view message, ParsedLine& line) const;

  private:
    enum class Slot : std::uint8_t { kNone, kField, kWord, kSkip, kSource, kDestination, kSourceNat, kDestinationNat };

    struct Step {
        std::string_view before;
        Slot slot = Slot::kNone;
        FieldId field = FieldId::kVendor;
        std::string_view word;  ///< of kWord
    };

    consteval explicit MessagePattern(std::string_view text) {
        while (!text.empty()) {
            const std::size_t open = text.find('{');
            Step& step = steps_[count_++];
            step.before = text.substr(0, open);
            if (open == std::string_view::npos) break;
            const std::size_t close = text.find('}');
            SetSlot(step, text.substr(open + 1, close - open - 1));
            text.remove_prefix(close + 1);
        }
    }

    static consteval void SetSlot(Step& step, std::string_view name) {
        if (name.empty()) {
            step.slot = Slot::kSkip;
        } else if (name == "src") {
            step.slot = Slot::kSource;
        } else if (name == "dst") {
            step.slot = Slot::kDestination;
        } else if (name == "src_nat") {
            step.slot = Slot::kSourceNat;
        } else if (name == "dst_nat") {
            step.slot = Slot::kDestinationNat;
        } else {
            const std::size_t colon = name.find(':');
            step.slot = colon == std::string_view::npos ? Slot::kField : Slot::kWord;
            step.field = FindField(name.substr(0, colon)).value();
            if (colon != std::string_view::npos) step.word = name.substr(colon + 1);
        }
    }

    bool Begins(std::string_view message) const;
    /// Where the slot of step `i` ends in `message`, which begins with it.
    std::size_t EndOf(std::size_t i, std::string_view message) const;
    static void Add(const Step& step, std::string_view value, ParsedLine& line);

    std::array<Step, 12> steps_{};
    std::uint8_t count_ = 0;
};

/// What an end of a connection is written into.
struct EndpointFields {
    FieldId address;
    FieldId port;
    FieldId interface;  ///< kVendor: the interface is not wanted
    FieldId user;
};

/// Reads outside:10.1.1.1/443, outside/10.1.1.1(443), 10.1.1.1(443), 10.1.1.1/443, fe80::1, and a user in brackets after it.
void AddEndpoint(std::string_view text, const EndpointFields& fields, ParsedLine& line);

}  // namespace opsteward::logs
