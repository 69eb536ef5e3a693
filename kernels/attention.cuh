// What attention_segments and attention_merge share: the work items, the states that pass through memory, and the arithmetic of a
// softmax that is computed piece by piece.
//
// A state is what a run of positions leaves of the attention of one query (row, head): the maximum m of its scores (times
// log2(e) / sqrt(HEAD_DIM)), the sum l of 2^(score - m), and the output o[HEAD_DIM], the sum of 2^(score - m) times the values. A slot of
// `state_sums` and `state_outputs` holds the states of all heads of one row.
#pragma once
#include "prelude.cuh"

#ifndef HEAD_DIM
#define HEAD_DIM 128
#endif
static_assert(HEAD_DIM % 16 == 0 && HEAD_DIM >= 16 && HEAD_DIM <= 128, "HEAD_DIM is a multiple of 16 up to 128");

// A run of positions, inside one split, for consecutive rows that keep them in the same blocks.
struct AttentionItem {
    int first_row;    // rows first_row to first_row + row_count - 1 of the step
    int row_count;
    int first_tile;   // positions from 64 first_tile to end - 1
    int end;          // a multiple of 64, or past the last position of every row
    int first_block;  // index in `blocks` of the block that holds position 64 first_tile
    int state_in;     // slot of the first row's state before this run; the next rows' follow. -1: the split starts here
    int state_out;    // slot of the first row's state after it. -1: each row is complete, and its attention goes to `output`
    int shape;        // 16, 64 or 128: most stacked rows, see attention_segments
};
static_assert(sizeof(AttentionItem) == 32, "as AttentionItem.cs");

// The items of one level: [first, first + count).
struct AttentionRange {
    int first;
    int count;
};

// A row that needs a merge: `slots[first_slot]` to `slots[first_slot + slot_count - 1]` are its splits' states in position order.
struct AttentionMergeRow {
    int row;
    int first_slot;
    int slot_count;
};

// What a maximum is subtracted as: 0 stands in for the maximum of nothing, so that 2^(-infinity - 0) = 0 takes the place of NaN.
__device__ __forceinline__ float subtrahend(float maximum) { return maximum == NEGATIVE_INFINITY ? 0.0f : maximum; }

// An output element; `inverse` is 1 / l.
__device__ __forceinline__ float normalised(float output, float inverse) { return output * inverse; }
