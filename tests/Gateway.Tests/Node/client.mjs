// Speaks to a gateway by the official client and prints, as one line of JSON, what it got.
// Usage: node client.mjs BASE_URL KEY MODEL     (prints "writing" as soon as a stream has begun)
import OpenAI from "openai";

const [baseURL, apiKey, model] = process.argv.slice(2);
const client = new OpenAI({ baseURL, apiKey, maxRetries: 0 });
const messages = [{ role: "user", content: "hello" }];

const whole = await client.chat.completions.create({ model, messages });

const ids = new Set();
let text = "";
let chunks = 0;
const finishReasons = [];
let usage = null;
const stream = await client.chat.completions.create({
  model,
  messages,
  stream: true,
  stream_options: { include_usage: true },
});
for await (const chunk of stream) {
  ids.add(chunk.id);
  text += chunk.choices[0]?.delta?.content ?? "";
  if (chunk.choices[0]?.finish_reason) finishReasons.push(chunk.choices[0].finish_reason);
  usage = chunk.usage ?? usage;
  if (++chunks === 20) console.log("writing");
}

const refusal = await client.chat.completions
  .create({ model: "no-such-model", messages })
  .then(() => null, (error) => ({ type: error.constructor.name, status: error.status, code: error.code }));

console.log(
  JSON.stringify({
    whole: whole.choices[0].message.content,
    text,
    ids: [...ids],
    finishReasons,
    wholeTokens: whole.usage.completion_tokens,
    tokens: usage?.completion_tokens ?? null,
    refusal,
  }),
);
