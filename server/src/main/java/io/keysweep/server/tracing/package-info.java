/** Records traces of requests, scans and sweeps, and sends them to an OpenTelemetry collector if one is set. */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.tracing;
