package io.keysweep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests {@code dev/jvm-options}, with which the launchers choose the options of the JVM and its locale. */
final class JvmOptionsTest {

    /** Starts a JVM with the options of the service, and prints its flags. */
    private static final String SCRIPT = """
            set -eu
            . dev/jvm-options
            jvm_options server "$1" /no/archive
            exec "$1/bin/java" "${JVM[@]}" -XX:+PrintFlagsFinal -version 2>&1
            """;

    @ParameterizedTest
    @ValueSource(strings = {"-Xmx32m", "-XX:MaxHeapSize=32m", "-XX:MaxHeapSize=1g -Xmx32m"})
    void service_withALimitBelowItsUsualInitialHeap_starts(String options) throws Exception {
        for (String variable : List.of("KEYSWEEP_JAVA_OPTS", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS")) {
            assertThat(flags(variable, options)).as("32 MiB").containsPattern("MaxHeapSize +:?= 33554432 ");
        }
    }

    @Test
    void service_withAShareOfTheMemory_hasNoLargerHeap() throws Exception {
        // With an initial heap of 64 MB, the JVM would raise the limit to 64 MB.
        assertThat(flags("KEYSWEEP_JAVA_OPTS", "-XX:MaxRAM=100m -XX:MaxRAMPercentage=50 -XX:MinRAMPercentage=50"))
                .as("half of 100 MB, rounded by the JVM")
                .containsPattern("MaxHeapSize +:?= 5[0-9]{7} ");
    }

    /**
     * The launchers choose no garbage collector if the user chooses one, because the JVM does not start with two.
     */
    @ParameterizedTest
    @ValueSource(strings = {"KEYSWEEP_JAVA_OPTS", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"})
    void service_withACollectorOfTheUser_usesIt(String variable) throws Exception {
        assertThat(flags(variable, "-XX:+UseParallelGC"))
                .containsPattern("UseParallelGC +:?= true ")
                .containsPattern("UseSerialGC +:?= false ");
        assertThat(flags(variable, "-XX:+UseStringDeduplication -XX:+DisableExplicitGC"))
                .containsPattern("UseSerialGC +:?= true ");
    }

    @Test
    void service_withoutALimit_beginsWithASmallHeap() throws Exception {
        assertThat(flags("KEYSWEEP_JAVA_OPTS", "-Dany=value"))
                .as("64 MiB")
                .containsPattern("InitialHeapSize +:?= 67108864 ");
    }

    @Test
    void service_withoutOptions_compilesOnlyFrequentCodeWithTheSecondCompiler() throws Exception {
        assertThat(flags("KEYSWEEP_JAVA_OPTS", ""))
                .containsPattern("TieredStopAtLevel +:?= 4 ")
                .containsPattern("Tier4InvocationThreshold +:?= 50000 ");
    }

    @Test
    void service_withAThresholdOfTheUser_usesIt() throws Exception {
        assertThat(flags("KEYSWEEP_JAVA_OPTS", "-XX:Tier4InvocationThreshold=5000"))
                .containsPattern("Tier4InvocationThreshold +:?= 5000 ");
    }

    /** A locale of ASCII is replaced, because other letters in arguments and texts would become question marks. */
    @ParameterizedTest
    @CsvSource({
        // A variable, its value, and the expected character set. ANY is no variable of locales, so none is set.
        "LANG, C, UTF-8",
        "LC_ALL, POSIX, UTF-8",
        "LC_CTYPE, C, UTF-8",
        "ANY, '', UTF-8",
        "LC_ALL, C.UTF-8, UTF-8",
        "LC_ALL, de_DE.ISO-8859-1, ISO-8859-1"
    })
    void useUtf8_anyLocale_isReplacedOnlyIfAscii(String variable, String locale, String charset) throws Exception {
        Process process = useUtf8(variable, locale);
        try (InputStream output = process.getInputStream();
                InputStream errors = process.getErrorStream()) {
            assertThat(new String(output.readAllBytes(), StandardCharsets.UTF_8).strip())
                    .endsWith("." + charset);
            assertThat(process.waitFor()).isZero();

            // Bash warns about a locale that the system does not have, as it may lack de_DE.ISO-8859-1.
            if (charset.equals("UTF-8")) {
                assertThat(errors.readAllBytes()).isEmpty();
            }
        }
    }

    /**
     * After ssh, the variables often name a locale that exists only on the other machine. The system would then use a
     * locale of ASCII.
     */
    @ParameterizedTest
    @CsvSource({"LANG, xx_XX.UTF-8", "LC_CTYPE, UTF-8", "LC_ALL, xx_XX.utf8"})
    void useUtf8_localeThatTheSystemDoesNotHave_isReplaced(String variable, String locale) throws Exception {
        Process process = useUtf8(variable, locale);
        try (InputStream output = process.getInputStream()) {
            assertThat(new String(output.readAllBytes(), StandardCharsets.UTF_8).strip())
                    .isEqualTo("C.UTF-8");
            assertThat(process.waitFor()).isZero();
        }
    }

    /** Starts a shell that replaces the locale, and prints the locale that is then in force. */
    private static Process useUtf8(String variable, String locale) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                "bash", "-c", "set -eu; . dev/jvm-options; use_utf8; echo \"${LC_ALL:-${LC_CTYPE:-$LANG}}\"");
        builder.directory(Path.of("..").toAbsolutePath().normalize().toFile());
        List.of("LC_ALL", "LC_CTYPE", "LANG").forEach(builder.environment()::remove);
        builder.environment().put(variable, locale);
        return builder.start();
    }

    /** Returns the flags of a JVM that was started with the options in a variable. It must end without an error. */
    private static String flags(String variable, String options) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("bash", "-c", SCRIPT, "bash", System.getProperty("java.home"));
        builder.directory(Path.of("..").toAbsolutePath().normalize().toFile()).redirectErrorStream(true);
        List.of("KEYSWEEP_JAVA_OPTS", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS")
                .forEach(builder.environment()::remove);
        builder.environment().put(variable, options);
        Process process = builder.start();
        try (InputStream output = process.getInputStream()) {
            String text = new String(output.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(text).isZero();
            return text;
        }
    }
}
