#pragma once

#include <alcuin/inference/error.h>
#include <alcuin/inference/generation.h>
#include <alcuin/inference/tokenizer.h>

#include "chat/chat_template.h"
#include "runtime/prompt.h"

namespace alcuin::inference {

/// Renders a conversation with the model's chat template and tokenises it. Special tokens are recognised in the
/// template's own text only. Where an assistant's message is rendered as the text it was generated with, its
/// generated tokens stand in the prompt as they are, as far as whole tokens lie inside that text. A beginning-of-text
/// token is added if the vocabulary asks for it and the template didn't write it. With addGenerationPrompt false and an
/// assistant's message at the end, the prompt ends where that message's text does, so that the model goes on with it.
/// usage.perMessage counts the tokens that begin inside the message's text, its role excepted.
/// Threads: reentrant. Errors: kInvalidArgument (toolsJson, templateVariablesJson), kTemplate.
Result<Prompt> buildPrompt(const chat::ChatTemplate& chatTemplate, const Tokenizer& tokenizer,
                           const GenerationRequest& request);

} // namespace alcuin::inference
