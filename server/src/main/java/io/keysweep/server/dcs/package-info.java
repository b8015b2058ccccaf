/** Serves the DCS-compatible API under {@code /v2}: seven operations with the JSON that the official SDKs expect. */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.dcs;
