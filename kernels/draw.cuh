// A drawn token as sample_nucleus leaves it: the host reads it, and so does gather_embedding in the step after. Token -1: the row was not finite.
#pragma once

struct Draw {
    int token;
    float logprob;
    float filtered_logprob;
};
static_assert(sizeof(Draw) == 12, "TokenDraw, StepPlan.cs");
