// Names of software and of their makers without what differs from one installation to the next.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace opsteward::vuln {

/// Full-width forms become half-width, letters small, signs of trade and GUIDs are dropped, dashes and quotes made plain, blanks single. Of letters beyond
/// ASCII only those that are written for others in product names change ("µ" to "u").
std::string FoldTitle(std::string_view text);

struct NormalizedTitle {
    std::string name;     ///< folded, without architecture, language and dotted versions: "7-zip", "java 8 update 391", "microsoft .net framework"
    std::string stem;     ///< `name` without numbers and years at its end: "teamviewer" of "teamviewer 14"
    std::string version;  ///< the first dotted version in the name: "23.01"; empty: it has none
    bool has_language = false;  ///< a language was named
};
NormalizedTitle NormalizeTitle(std::string_view name);

/// Folded, without the form of the company ("Inc.", "GmbH", "股份有限公司") and signing identities ("(UBF8T346G9)").
std::string NormalizePublisher(std::string_view publisher);

/// A version as NVD writes versions: "ad 7.1.13" is 7.1.13, "5:24.0.7-1~debian.12" 24.0.7, "15.5-1" 15.5, "2,0,0,1" 2.0.0.1. Empty when there is none.
std::string NormalizeVersion(std::string_view version);
/// The version of a title: that of its name when the two are of different counts ("Python 3.11.5", reported 3.11.5150.0), else the longer.
std::string VersionOfTitle(std::string_view in_name, std::string_view reported);

/// The words of a name: runs of letters, digits, "+" and "#"; each run of other scripts is one.
std::vector<std::string> WordsOf(std::string_view folded);
/// Letters, digits, "+" and "#" alone: what "Foxit PDF Reader", "foxit_pdf_reader" and "foxitpdfreader" have in common.
std::string Squash(std::string_view folded);

}  // namespace opsteward::vuln
