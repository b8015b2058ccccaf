package io.keysweep.site.advisories;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests which versions an advisory affects, and which version is named as fixed. */
class AdvisoryTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                // Events of the ranges, version, and the version that is named as fixed: "none" if an affected version
                // has no fixed one, and empty if the version is not affected.
                // One range.
                "{'introduced':'0'},{'fixed':'1.11'} | 1.10 | 1.11",
                "{'introduced':'0'},{'fixed':'1.11'} | 1.11 | ",
                "{'introduced':'1.2'},{'fixed':'1.11'} | 1.1 | ",
                "{'introduced':'1.2'},{'fixed':'1.11'} | 1.2 | 1.11",
                "{'introduced':'1.2'} | 9 | none",
                // Qualifiers are ordered as Maven orders them.
                "{'introduced':'0'},{'fixed':'2.0'} | 2.0-rc1 | 2.0",
                "{'introduced':'0'},{'fixed':'2.0'} | 2.0.Final | ",
                "{'introduced':'0'},{'fixed':'2.0'} | 2.0-SNAPSHOT | 2.0",
                "{'introduced':'2.0'} | 2.0-rc1 | ",
                // The last affected version belongs to the range.
                "{'introduced':'1.0'},{'last_affected':'1.5'} | 1.5 | none",
                "{'introduced':'1.0'},{'last_affected':'1.5'} | 1.5.1 | ",
                "{'introduced':'1.5'},{'last_affected':'1.5'} | 1.5 | none",
                "{'introduced':'1.5'},{'last_affected':'1.5'} | 1.6 | ",
                // Several ranges as one list of events, in any order.
                "{'fixed':'2.3'},{'introduced':'2.0'},{'introduced':'0'},{'fixed':'1.4'} | 1.3 | 1.4",
                "{'fixed':'2.3'},{'introduced':'2.0'},{'introduced':'0'},{'fixed':'1.4'} | 1.9 | ",
                "{'fixed':'2.3'},{'introduced':'2.0'},{'introduced':'0'},{'fixed':'1.4'} | 2.1 | 2.3",
                // A range ends at its limit.
                "{'introduced':'0'},{'limit':'2.0'} | 1.9 | none",
                "{'introduced':'0'},{'limit':'2.0'} | 2.0 | "
            })
    void check_mavenVersion_isAffectedByTheEventsOfTheRange(String events, String version, @Nullable String fixed)
            throws MalformedFileException {
        assertThat(fixedVersion("'ranges':[{'type':'ECOSYSTEM','events':[" + events + "]}]", version))
                .isEqualTo(fixed);
    }

    @Test
    void check_severalRanges_areCombinedWithoutRangesOfCommits() throws MalformedFileException {
        String ranges = "'ranges':[{'type':'GIT','repo':'https://example.com','events':[{'introduced':'abc'}]},"
                + "{'type':'ECOSYSTEM','events':[{'introduced':'3.0'},{'fixed':'3.1'}]},"
                + "{'type':'ECOSYSTEM','events':[{'introduced':'1.0'},{'fixed':'1.1'}]}]";

        assertThat(fixedVersion(ranges, "3.0.5")).isEqualTo("3.1");
        assertThat(fixedVersion(ranges, "1.0.5")).isEqualTo("1.1");
        assertThat(fixedVersion(ranges, "2.0")).isNull();
    }

    @Test
    void check_listedVersions_areAffectedInAdditionToTheRanges() throws MalformedFileException {
        String affected = "'versions':['0.9','1.0.M1'],'ranges':[{'type':'ECOSYSTEM','events':["
                + "{'introduced':'2.0'},{'fixed':'2.1'}]}]";

        assertThat(fixedVersion(affected, "0.9")).isEqualTo("2.1");
        assertThat(fixedVersion(affected, "1.0.M1")).isEqualTo("2.1");
        assertThat(fixedVersion(affected, "1.0")).isNull();

        // Without a range, no version is named as fixed.
        assertThat(fixedVersion("'versions':['0.9']", "0.9")).isEqualTo("none");
    }

    @ParameterizedTest
    @CsvSource({
        "1.0.0-alpha, 1.0.0-alpha.1",
        "1.0.0-alpha.1, 1.0.0-alpha.beta",
        "1.0.0-alpha.beta, 1.0.0-beta",
        "1.0.0-beta.2, 1.0.0-beta.11",
        "1.0.0-rc.1, 1.0.0",
        "1.0.0, 1.0.1",
        "1.9.0, 1.10.0",
        "1.99999999999999999999.0, 2.0.0",
        "v1.2, 1.2.1"
    })
    void compare_npmVersions_areOrderedAsSemanticVersions(String lower, String higher) {
        assertThat(Ecosystem.NPM.compare(lower, higher)).isNegative();
        assertThat(Ecosystem.NPM.compare(higher, lower)).isPositive();

        // The build after the plus has no order.
        assertThat(Ecosystem.NPM.compare(lower, lower + "+build.5")).isZero();
    }

    @Test
    void parse_textThatIsNotAVersion_isRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> SemanticVersion.parse("latest"));
    }

    @Test
    void check_advisoryOfAnotherMavenRegistry_alsoAffectsTheLibrary() throws MalformedFileException {
        Advisory advisory = read("{'id':'A','affected':[{'package':{'ecosystem':'Maven:https://repo.example.com/',"
                + "'name':'g:a'},'versions':['1']}]}");

        assertThat(advisory.check(new Component(Ecosystem.MAVEN, "g:a", "1"))).isPresent();
        assertThat(advisory.check(new Component(Ecosystem.NPM, "g:a", "1"))).isEmpty();
        assertThat(advisory.summary()).isEqualTo("no summary");
    }

    /** Returns the version that is named as fixed, or null if the version is not affected. */
    private static @Nullable String fixedVersion(String affected, String version) throws MalformedFileException {
        Advisory advisory =
                read("{'id':'A','affected':[{'package':{'ecosystem':'Maven','name':'g:a'}," + affected + "}]}");
        return advisory.check(new Component(Ecosystem.MAVEN, "g:a", version))
                .map(AdvisoryFinding::fixed)
                .orElse(null);
    }

    /** Reads an advisory from JSON with single quotes. */
    private static Advisory read(String json) throws MalformedFileException {
        return OsvReader.read(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }
}
