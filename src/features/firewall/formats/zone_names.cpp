#include "features/firewall/formats/zone_names.hpp"

namespace opsteward::firewall {

ZoneNames::Key ZoneNames::KeyOf(std::string_view name) const {
    const bool is_beginning = name.ends_with(wildcard_);
    return {std::string(is_beginning ? name.substr(0, name.size() - 1) : name), !is_beginning};
}

void ZoneNames::Add(std::string_view name) {
    Key key = KeyOf(name);
    if (key.is_exact || !key.text.empty()) numbers_.try_emplace(std::move(key), 0);
}

void ZoneNames::Finish() {
    last_ = 0;
    for (auto& [key, number] : numbers_) number = last_++;
}

NumberSet ZoneNames::Of(std::string_view name) const {
    const Key key = KeyOf(name);
    if (!key.is_exact && key.text.empty()) return All();
    const auto found = numbers_.find(key);
    if (found == numbers_.end()) return NumberSet(last_);
    if (key.is_exact) return NumberSet(found->second);
    // The first text behind all that begin so; a text of nothing but the highest bytes has none.
    std::string end = key.text;
    while (!end.empty() && static_cast<unsigned char>(end.back()) == 0xFF) end.pop_back();
    auto behind = numbers_.end();
    if (!end.empty()) {
        end.back() = static_cast<char>(static_cast<unsigned char>(end.back()) + 1);
        behind = numbers_.lower_bound(Key{end, false});
    }
    return NumberSet(found->second, behind == numbers_.end() ? last_ - 1 : behind->second - 1);
}

std::vector<std::string> ZoneNames::Texts() const {
    std::vector<std::string> texts;
    texts.reserve(numbers_.size() + 1);
    for (const auto& [key, number] : numbers_) texts.push_back(key.is_exact ? key.text : key.text + wildcard_);
    texts.emplace_back("*");
    return texts;
}

}  // namespace opsteward::firewall
