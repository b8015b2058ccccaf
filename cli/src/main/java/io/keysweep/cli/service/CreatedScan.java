package io.keysweep.cli.service;

/**
 * What the DCS API answers to the creation of a scan, as far as it is of use here.
 *
 * @param id UUID
 * @param status {@code waiting}
 */
public record CreatedScan(String id, String status) {}
