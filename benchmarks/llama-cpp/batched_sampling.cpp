// Draws samples with llama.cpp: of each prompt so many at once, temperature before top-p, as passatk draws them.
//
//   batched_sampling MODEL THREADS SAMPLES MAX_TOKENS TEMPERATURE TOP_P TO_THE_END < PROMPTS
//
// PROMPTS has a prompt a line, token ids separated by spaces. A sample ends at an end-of-generation token, or with TO_THE_END = 1 only
// after MAX_TOKENS. A prompt is prefilled once and copied to all samples; samples that ended leave the batch. Prints a JSON line a prompt:
// the seconds until the first tokens were drawn, and from there on, how many tokens were drawn in how many seconds and steps, and how many
// of those seconds sampling took. Build: see README.md.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "llama.h"

static double seconds() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

struct Sample {
    llama_sampler * sampler;
    llama_token last;
    int tokens;
    bool ended;
};

struct Settings {
    int threads, samples, most;
    float temperature, top_p;
    bool to_the_end;
};

static llama_sampler * sampler_of(const Settings & settings, uint32_t seed) {
    llama_sampler * chain = llama_sampler_chain_init(llama_sampler_chain_default_params());
    llama_sampler_chain_add(chain, llama_sampler_init_temp(settings.temperature));
    llama_sampler_chain_add(chain, llama_sampler_init_top_p(settings.top_p, 1));
    llama_sampler_chain_add(chain, llama_sampler_init_dist(seed));
    return chain;
}

static void add(llama_batch & batch, llama_token token, int position, int sequence, bool logits) {
    const int at = batch.n_tokens++;
    batch.token[at] = token;
    batch.pos[at] = position;
    batch.n_seq_id[at] = 1;
    batch.seq_id[at][0] = sequence;
    batch.logits[at] = logits;
}

static void decode(llama_context * context, llama_batch & batch) {
    if (llama_decode(context, batch) != 0) {
        fprintf(stderr, "batched_sampling: a step of %d tokens failed\n", batch.n_tokens);
        exit(1);
    }
    llama_synchronize(context);
}

static void run(llama_context * context, const llama_vocab * vocab, const Settings & settings, const std::vector<llama_token> & prompt) {
    llama_memory_clear(llama_get_memory(context), true);
    llama_batch batch = llama_batch_init((int) std::max<size_t>(prompt.size(), settings.samples), 0, 1);
    std::vector<Sample> samples;
    for (int i = 0; i < settings.samples; i++)
        samples.push_back({ sampler_of(settings, 1 + i), 0, 0, false });
    auto draw = [&](Sample & sample, int row) {
        sample.last = llama_sampler_sample(sample.sampler, context, row);
        sample.tokens++;
        sample.ended = sample.tokens >= settings.most || (!settings.to_the_end && llama_vocab_is_eog(vocab, sample.last));
    };

    const double start = seconds();
    for (size_t i = 0; i < prompt.size(); i++)
        add(batch, prompt[i], (int) i, 0, i + 1 == prompt.size());
    decode(context, batch);
    for (auto & sample : samples)
        draw(sample, batch.n_tokens - 1);
    const double first = seconds();

    for (int i = 1; i < settings.samples; i++)
        llama_memory_seq_cp(llama_get_memory(context), 0, i, -1, -1);
    double sampling = 0;
    long tokens = 0;
    int steps = 0;
    for (;; steps++) {
        batch.n_tokens = 0;
        std::vector<Sample *> rows;
        for (int i = 0; i < settings.samples; i++) {
            if (samples[i].ended)
                continue;
            add(batch, samples[i].last, (int) prompt.size() + samples[i].tokens - 1, i, true);
            rows.push_back(&samples[i]);
        }
        if (rows.empty())
            break;
        decode(context, batch);
        const double computed = seconds();
        for (size_t row = 0; row < rows.size(); row++)
            draw(*rows[row], (int) row);
        sampling += seconds() - computed;
        tokens += (long) rows.size();
    }
    printf("{\"prompt\": %zu, \"samples\": %d, \"prefillSeconds\": %.6f, \"tokens\": %ld, \"steps\": %d, \"decodeSeconds\": %.6f, \"samplingSeconds\": %.6f}\n",
           prompt.size(), settings.samples, first - start, tokens, steps, seconds() - first, sampling);
    fflush(stdout);
    for (auto & sample : samples)
        llama_sampler_free(sample.sampler);
    llama_batch_free(batch);
}

int main(int argc, char ** argv) {
    if (argc != 8) {
        fprintf(stderr, "usage: batched_sampling MODEL THREADS SAMPLES MAX_TOKENS TEMPERATURE TOP_P TO_THE_END < PROMPTS\n");
        return 2;
    }
    const Settings settings = { atoi(argv[2]), atoi(argv[3]), atoi(argv[4]), (float) atof(argv[5]), (float) atof(argv[6]), atoi(argv[7]) != 0 };
    std::vector<std::vector<llama_token>> prompts;
    size_t longest = 0;
    for (std::string line; std::getline(std::cin, line);) {
        std::istringstream words(line);
        std::vector<llama_token> prompt;
        for (llama_token token; words >> token;)
            prompt.push_back(token);
        longest = std::max(longest, prompt.size());
        prompts.push_back(prompt);
    }

    llama_log_set([](ggml_log_level level, const char * text, void *) { if (level >= GGML_LOG_LEVEL_ERROR) fputs(text, stderr); }, nullptr);
    llama_backend_init();
    llama_model * model = llama_model_load_from_file(argv[1], llama_model_default_params());
    if (model == nullptr)
        return 1;
    llama_context_params parameters = llama_context_default_params();
    // A sample's cache is allocated in 256s.
    parameters.n_ctx = (uint32_t) (settings.samples * ((longest + settings.most + 255) / 256 * 256));
    parameters.n_batch = 2048;
    parameters.n_ubatch = 512;
    parameters.n_seq_max = settings.samples;
    parameters.n_threads = parameters.n_threads_batch = settings.threads;
    parameters.flash_attn_type = LLAMA_FLASH_ATTN_TYPE_ENABLED;
    parameters.kv_unified = false;
    llama_context * context = llama_init_from_model(model, parameters);
    if (context == nullptr)
        return 1;
    for (const auto & prompt : prompts)
        run(context, llama_model_get_vocab(model), settings, prompt);
    llama_free(context);
    llama_model_free(model);
    return 0;
}
