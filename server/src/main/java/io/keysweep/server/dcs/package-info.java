/** The DCS-compatible API under {@code /v2}: seven operations, wire records as the official SDKs expect them. */
@org.jspecify.annotations.NullMarked
package io.keysweep.server.dcs;
