package io.keysweep.cli.service;

/**
 * Holds the answer to the creation of a scan. The DCS API and the native API have these fields in common.
 *
 * @param id UUID
 * @param status {@code waiting}
 */
public record CreatedScan(String id, String status) {}
