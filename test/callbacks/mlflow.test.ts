import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { MLflow } from "../../src/callbacks/mlflow/mlflow.js";
import { scriptedFit } from "./scripted-fit.js";

interface Asked {
  readonly path: string;
  readonly body: Record<string, unknown>;
}

/** What a server answers to the end of a path, beside the usual. */
type Answers = (path: string, nth: number) => { readonly status: number; readonly body: object } | undefined;

const usual: Record<string, object> = {
  "experiments/create": { experiment_id: "7" },
  "runs/create": { run: { info: { run_id: "r1", artifact_uri: "mlflow-artifacts:/7/r1/artifacts" } } },
};

/** Runs `work` with the address of a server that keeps what it was asked. */
async function serving(work: (uri: string, asked: Asked[]) => Promise<void>, answers: Answers = () => undefined) {
  const asked: Asked[] = [];
  const answer = (request: IncomingMessage, body: string, response: ServerResponse) => {
    const path = request.url!.replace("/api/2.0/mlflow/", "").split("?")[0]!;
    const nth = asked.filter((one) => one.path === path).length;
    asked.push({ path, body: body === "" ? {} : JSON.parse(body) });
    const absent = { status: 404, body: { message: "No Experiment" } };
    const other = answers(path, nth) ?? (path === "experiments/get-by-name" ? absent : undefined);
    response.writeHead(other?.status ?? 200, { "content-type": "application/json" });
    response.end(JSON.stringify(other?.body ?? usual[path] ?? {}));
  };
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => answer(request, body, response));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  try {
    await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, asked);
  } finally {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  }
}

const script = [{ loss: 2 }, { loss: Number.NaN }, { loss: 1 }];
let lines: string[];
beforeEach(() => {
  lines = [];
  jest.spyOn(console, "warn").mockImplementation((line) => void lines.push(String(line)));
});
afterEach(() => {
  jest.restoreAllMocks();
});

describe("MLflow", () => {
  it("makes the experiment and the run, and logs parameters once and metrics with every epoch", async () => {
    await serving(async (uri, asked) => {
      const callback = new MLflow({ uri, experiment: "birds" });
      await scriptedFit([callback], script);
      expect(callback.runId).toBe("r1");
      expect(asked.map(({ path }) => path)).toEqual([
        "experiments/get-by-name",
        "experiments/create",
        "runs/create",
        "runs/log-batch",
        "runs/log-batch",
        "runs/log-batch",
        "runs/log-batch",
        "runs/set-tag",
        "runs/update",
      ]);
      const batches = asked.filter(({ path }) => path === "runs/log-batch").map(({ body }) => body);
      expect(batches[1]).toEqual({
        run_id: "r1",
        params: [
          { key: "epochs", value: "3" },
          { key: "loss", value: "scripted" },
        ],
      });
      const metrics = batches.flatMap(
        (body) => (body.metrics as { key: string; value: unknown; step: number }[]) ?? [],
      );
      const losses = metrics.filter(({ key }) => key === "loss");
      expect(losses.map(({ value, step }) => [step, value])).toEqual([
        [1, 2],
        [2, "NaN"],
        [3, 1],
      ]);
      expect(asked.at(-1)!.body).toMatchObject({ run_id: "r1", status: "FINISHED" });
    });
    expect(lines).toEqual([]);
  });

  it.each([
    ["completed", "FINISHED"],
    ["stopped", "FINISHED"],
    ["interrupted", "KILLED"],
    ["diverged", "FAILED"],
  ] as const)("a run that is %s is %s there", async (status, logged) => {
    await serving(async (uri, asked) => {
      await scriptedFit([new MLflow({ uri })], script, { status });
      expect(asked.at(-1)!.body).toMatchObject({ status: logged });
    });
  });

  it("a server that is away for an epoch gets what it missed, and that is said once", async () => {
    const isAway: Answers = (path, nth) => {
      return path === "runs/log-batch" && nth < 2 ? { status: 503, body: { message: "busy" } } : undefined;
    };
    await serving(async (uri, asked) => {
      await scriptedFit([new MLflow({ uri })], script);
      const steps = asked
        .flatMap(({ body }) => (body.metrics as { key: string; step: number }[]) ?? [])
        .filter(({ key }) => key === "loss")
        .map(({ step }) => step);
      expect(steps).toEqual([1, 1, 2, 1, 2, 3]);
      expect(asked.filter(({ path }) => path === "runs/create")).toHaveLength(1);
    }, isAway);
    expect(lines).toEqual([
      expect.stringMatching(/^MLflow: .* answered 503 to mlflow\/runs\/log-batch: busy What was to be logged is kept/),
    ]);
  });

  it("a run that goes on is logged where it was", async () => {
    await serving(async (uri, asked) => {
      const { states } = await scriptedFit([new MLflow({ uri })], script, { killAfter: 2 });
      const callback = new MLflow({ uri });
      await scriptedFit([callback], script, { from: 2, states });
      expect(callback.runId).toBe("r1");
      expect(asked.filter(({ path }) => path === "runs/create")).toHaveLength(1);
      const updates = asked.filter(({ path }) => path === "runs/update").map(({ body }) => body.status);
      expect(updates).toEqual(["RUNNING", "FINISHED"]);
    });
  });

  it("one that cannot be reached ends the run before it begins", async () => {
    await expect(scriptedFit([new MLflow({ uri: "http://127.0.0.1:1" })], script)).rejects.toThrow(
      /^MLflow: http:\/\/127\.0\.0\.1:1 could not be reached: .+ Start "mlflow server", or pass the uri of another one\.$/,
    );
  });

  it("a file that is not there is said after the rest is logged", async () => {
    await serving(async (uri, asked) => {
      await scriptedFit([new MLflow({ uri, artifacts: ["/no/such/file"] })], script);
      expect(asked.at(-1)!.body).toMatchObject({ status: "FINISHED" });
    });
    expect(lines).toEqual([expect.stringMatching(/^MLflow: onTrainEnd failed.*no such file or directory/)]);
  });

  it.each<[object, string]>([
    [{ uri: "localhost:5000" }, 'MLflow: uri must be the address of a server, http://..., got "localhost:5000".'],
    [{ experiment: "" }, 'MLflow: experiment must be a text that is not empty, got "".'],
    [{ artifacts: "a.txt" }, 'MLflow: artifacts must be an array of paths, got "a.txt".'],
    [{ url: "x" }, 'MLflow: there is no option "url", only uri, experiment, runName, artifacts.'],
  ])("%j is refused", (options, message) => {
    expect(() => new MLflow(options)).toThrow(message);
  });
});
