import { Dealer } from "zeromq";
import type { Wire } from "../protocol/wire.js";
import { ConnectionError, channelNames, endpointAt, type Ports, type Registration } from "./connection.js";

const timeoutMs = 5000;

/**
 * The start-up handshake (JEP 66, messaging 5.6): tells the service that started this kernel which ports it listens on.
 * Settles when the service has acknowledged them. Ports travel as text.
 */
export async function register(registration: Registration, ports: Ports, wire: Wire): Promise<void> {
  const { transport, registration_ip, registration_port, kernel_id } = registration;
  const place = endpointAt(transport, registration_ip, registration_port);
  const texts = channelNames.map((name) => [`${name}_port`, String(ports[`${name}_port`])]);
  const service = new Dealer({ linger: 0, receiveTimeout: timeoutMs });
  try {
    service.connect(place);
    await service.send(wire.seal({ kernel_id, ...Object.fromEntries(texts) }));
    if (wire.isSealed(await service.receive())) return;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === "EAGAIN" ? `no answer came within ${timeoutMs / 1000} s` : message;
    throw new ConnectionError(`etude: cannot register at ${place}: ${why}. Start the kernel again.`);
  } finally {
    service.close();
  }
  throw new ConnectionError(
    `etude: cannot register at ${place}: the answer has a wrong signature. Start the kernel again.`,
  );
}
