package io.keysweep.server.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysweep.api.audit.AuditLine;
import io.keysweep.server.config.AuditSettings;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the copies of the audit log: in a file, and at a syslog server. */
class AuditForwarderTest {

    private static final AuditLine LINE = new AuditLine("{\"sequence\":1}", "hash", "signature");

    @Test
    void file_getsALineForEachEntry_alsoAfterARestart_andIsPrivate(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("audit.jsonl");

        // The second start of the service appends to the file of the first.
        for (int start = 0; start < 2; start++) {
            try (AuditForwarder forwarder = AuditForwarder.of(settings(file.toString(), /* syslog= */ null))) {
                forwarder.accept(LINE);
            }
        }

        assertThat(file).content().isEqualTo((LINE.line() + "\n").repeat(2));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void file_thatCannotBeWritten_isRefused(@TempDir Path folder) {
        String file = folder.resolve("no/audit").toString();
        assertThatThrownBy(() -> AuditForwarder.of(settings(file, /* syslog= */ null)))
                .hasMessageContaining("must be a file that this process can write to");
    }

    @Test
    void syslogServer_getsADatagramForEachEntry() throws IOException {
        try (DatagramSocket server = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                AuditForwarder forwarder =
                        AuditForwarder.of(settings(/* file= */ null, "127.0.0.1:" + server.getLocalPort()))) {
            server.setSoTimeout(Math.toIntExact(Duration.ofMinutes(1).toMillis()));
            forwarder.accept(LINE);

            byte[] buffer = new byte[2_000];
            DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
            server.receive(packet);

            // 86 means the facility authpriv (10) and the severity info (6): 10 × 8 + 6.
            assertThat(new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8))
                    .startsWith("<86>")
                    .endsWith("keysweep-audit: " + LINE.line());
        }
    }

    @Test
    void syslogServer_withAnUnknownHostName_isRefused() {
        assertThatThrownBy(() -> AuditForwarder.of(settings(/* file= */ null, "nowhere.invalid:514")))
                .hasMessage(
                        "audit.syslog is 'nowhere.invalid:514', must be a host whose name this process can resolve");
    }

    private static AuditSettings settings(@Nullable String file, @Nullable String syslog) {
        return new AuditSettings(Duration.ofDays(365), file, syslog);
    }
}
