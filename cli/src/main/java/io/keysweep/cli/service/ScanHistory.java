package io.keysweep.cli.service;

import java.util.List;

/**
 * Scan records of an instance as the DCS API shows them, as far as they are of use here.
 *
 * @param records newest first
 */
public record ScanHistory(List<ScanRecord> records) {

    public ScanHistory {
        records = List.copyOf(records);
    }

    /**
     * One scan.
     *
     * @param id UUID
     * @param status {@code waiting}, {@code running}, {@code success} or {@code failed}
     * @param num expired keys reclaimed
     */
    public record ScanRecord(String id, String status, long num) {}
}
