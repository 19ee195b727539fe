#include "features/logs/message_pattern.hpp"

#include <algorithm>

#include "features/logs/scan.hpp"

namespace opsteward::logs {
namespace {

bool IsAddress(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return IsDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == ':' || c == '.';
    });
}

/// Takes "inside:" off the front, or "inside/" before an address; a colon of an IPv6 address is none of that.
std::string_view TakeInterface(std::string_view& text) {
    if (IsAddress(text.substr(0, text.find('/')))) return {};
    const std::size_t mark = text.find_first_of(":/");
    if (mark == std::string_view::npos || (text[mark] == '/' && !IsAddress(text.substr(mark + 1)))) return {};
    const std::string_view interface = text.substr(0, mark);
    text.remove_prefix(mark + 1);
    return interface;
}

/// A blank, a comma, or a bracket that was opened before it.
std::size_t EndOfEndpoint(std::string_view text) {
    const std::size_t end = std::min(text.find_first_of(" ,)"), text.size());
    const bool closes_own = end < text.size() && text[end] == ')' && text.substr(0, end).find('(') != std::string_view::npos;
    return closes_own ? end + 1 : end;
}

}  // namespace

void AddEndpoint(std::string_view text, const EndpointFields& fields, ParsedLine& line) {
    std::string_view port;
    std::string_view user;
    if (const std::size_t open = text.find('('); open != std::string_view::npos) {
        const std::string_view inside = text.substr(open + 1, text.substr(open + 1).find(')'));
        (IsNumber(inside) ? port : user) = inside;
        text = text.substr(0, open);
    }
    const std::string_view interface = TakeInterface(text);
    if (const std::size_t slash = text.rfind('/'); slash != std::string_view::npos) {
        port = text.substr(slash + 1);
        text = text.substr(0, slash);
    }
    line.Add(fields.address, text);
    line.Add(fields.port, port);
    if (fields.interface != FieldId::kVendor) line.Add(fields.interface, interface);
    line.Add(fields.user, user);
}

void MessagePattern::Add(const Step& step, std::string_view value, ParsedLine& line) {
    using enum FieldId;
    switch (step.slot) {
        case Slot::kField:
        case Slot::kWord: line.Add(step.field, TrimBlanks(value)); break;
        case Slot::kSource: AddEndpoint(value, {kSrcIp, kSrcPort, kInInterface, kUser}, line); break;
        case Slot::kDestination: AddEndpoint(value, {kDstIp, kDstPort, kOutInterface, kDstUser}, line); break;
        case Slot::kSourceNat: AddEndpoint(value, {kSrcNatIp, kSrcNatPort, kVendor, kUser}, line); break;
        case Slot::kDestinationNat: AddEndpoint(value, {kDstNatIp, kDstNatPort, kVendor, kDstUser}, line); break;
        case Slot::kSkip:
        case Slot::kNone: break;
    }
}

bool MessagePattern::Begins(std::string_view message) const {
    if (!steps_[0].before.empty()) return message.starts_with(steps_[0].before);
    const std::size_t word = message.find(' ');
    if (word == std::string_view::npos) return false;
    message.remove_prefix(word);
    return Skip(message, steps_[1].before) && message.starts_with(steps_[1].word);
}

std::size_t MessagePattern::EndOf(std::size_t i, std::string_view message) const {
    const Step& step = steps_[i];
    std::size_t end = std::string_view::npos;
    if (step.slot == Slot::kWord) {
        end = step.word.size();
    } else if (step.slot != Slot::kField && step.slot != Slot::kSkip) {
        end = EndOfEndpoint(message);
    } else if (i + 1 < count_) {
        end = message.find(steps_[i + 1].before);
    }
    return std::min(end, message.size());
}

bool MessagePattern::Read(std::string_view message, ParsedLine& line) const {
    if (!Begins(message)) return false;
    message.remove_prefix(steps_[0].before.size());
    for (std::size_t i = 0; i < count_; ++i) {
        const Step& step = steps_[i];
        if (i > 0) {
            const std::size_t at = message.find(step.before);
            if (at == std::string_view::npos) return true;
            message.remove_prefix(at + step.before.size());
        }
        if (step.slot == Slot::kNone || !message.starts_with(step.word)) return true;
        const std::size_t end = EndOf(i, message);
        Add(step, message.substr(0, end), line);
        message.remove_prefix(end);
    }
    return true;
}

}  // namespace opsteward::logs
