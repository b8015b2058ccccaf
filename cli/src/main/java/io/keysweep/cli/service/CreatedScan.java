package io.keysweep.cli.service;

/**
 * Represents the service's answer to the creation of a scan. The native API and the DCS API (the API of Huawei Cloud's
 * Distributed Cache Service) have these fields in common.
 *
 * @param id id of the scan, a UUID
 * @param status status of the scan, always {@code waiting}
 */
public record CreatedScan(String id, String status) {}
