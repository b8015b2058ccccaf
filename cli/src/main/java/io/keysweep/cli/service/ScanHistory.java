package io.keysweep.cli.service;

import java.util.List;

/**
 * Represents the answer of the DCS API with the scans of an instance, reduced to the fields that the command line uses.
 *
 * <p>The DCS API is the API of Huawei Cloud's Distributed Cache Service. The service offers it beside its native API.
 *
 * @param records one record for each scan, newest first
 */
public record ScanHistory(List<ScanRecord> records) {

    public ScanHistory {
        records = List.copyOf(records);
    }

    /**
     * Describes one scan.
     *
     * @param id id of the scan, a UUID
     * @param status {@code waiting}, {@code running}, {@code success} or {@code failed}
     * @param num number of expired keys that the scan has reclaimed, under its name in the DCS API
     */
    public record ScanRecord(String id, String status, long num) {}
}
