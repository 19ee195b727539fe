// The equations of each version. Precondition of each: the vector is of that version.
#pragma once

#include "features/vulnerabilities/cvss/cvss.hpp"

namespace opsteward::cvss {

int BaseScore2(const Vector& vector);
int TemporalScore2(const Vector& vector);
int EnvironmentalScore2(const Vector& vector);

int BaseScore3(const Vector& vector);
int TemporalScore3(const Vector& vector);
int EnvironmentalScore3(const Vector& vector);

/// Which metrics besides the base ones count; the others are as if not defined.
struct Counted4 {
    bool threat = false;
    bool environment = false;
};
int Score4(const Vector& vector, Counted4 counted);

}  // namespace opsteward::cvss
