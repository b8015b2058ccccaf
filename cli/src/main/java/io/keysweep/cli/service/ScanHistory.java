package io.keysweep.cli.service;

import java.util.List;

/**
 * Holds the scan records of an instance that the DCS API returns, reduced to the fields that the command line uses.
 *
 * @param records newest first
 */
public record ScanHistory(List<ScanRecord> records) {

    public ScanHistory {
        records = List.copyOf(records);
    }

    /**
     * Describes one scan.
     *
     * @param id UUID
     * @param status {@code waiting}, {@code running}, {@code success} or {@code failed}
     * @param num number of expired keys reclaimed
     */
    public record ScanRecord(String id, String status, long num) {}
}
