import { Frame } from "../../src/data/frame.js";
import { ColumnTransformer } from "../../src/preprocessing/column-transformer.js";
import { OneHotEncoder } from "../../src/preprocessing/one-hot-encoder.js";
import { StandardScaler } from "../../src/preprocessing/standard-scaler.js";
import { transformerContract } from "../contracts/transformer.js";

const rows = Frame.from([
  { length: 1.5, count: 3, island: "b", sex: "f", alive: true },
  { length: null, count: 3, island: "a", sex: null, alive: false },
  { length: -2, count: 3, island: "b", sex: "m", alive: true },
  { length: 7, count: 3, island: "c", sex: "f", alive: true },
]);
const numbers = rows.select("length", "count", "alive");
const categories = rows.select("island", "sex", "alive", "count");

transformerContract("StandardScaler", () => new StandardScaler(), numbers);
transformerContract("StandardScaler without mean", () => new StandardScaler({ withMean: false }), numbers);
transformerContract("OneHotEncoder", () => new OneHotEncoder(), categories);
transformerContract("OneHotEncoder that drops", () => new OneHotEncoder({ drop: "first" }), categories);
transformerContract(
  "ColumnTransformer",
  () =>
    new ColumnTransformer(
      {
        scale: { columns: ["length"], transformer: new StandardScaler() },
        encode: { columns: ["island", "sex"], transformer: new OneHotEncoder({ handleUnknown: "ignore" }) },
      },
      { remainder: "passthrough" },
    ) as never,
  rows,
);
