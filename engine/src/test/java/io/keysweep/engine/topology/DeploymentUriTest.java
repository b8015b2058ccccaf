package io.keysweep.engine.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.keysweep.engine.assist.AssistLedger;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests which deployment a URI names, and the messages for wrong ones. */
final class DeploymentUriTest {

    @ParameterizedTest
    @CsvSource({
        "redis://localhost, localhost, 6379, false",
        "redis://localhost/, localhost, 6379, false",
        "redis://localhost:7000/0, localhost, 7000, false",
        "REDISS://cache.example.com:6380, cache.example.com, 6380, true",
        "redis://10.0.0.1:1, 10.0.0.1, 1, false",
        "redis://[::1], ::1, 6379, false",
        "redis://[2001:db8::7]:65535, 2001:db8::7, 65535, false",
        "redis://[fe80::1%eth0]:7000, fe80::1%eth0, 7000, false",
        "redis://[fe80::1%25eth0]:7000, fe80::1%eth0, 7000, false",
        "redis://[fe80::1%252]:7000, fe80::1%252, 7000, false"
    })
    void parse_address_isRead(String uri, String host, int port, boolean tls) {
        assertThat(DeploymentUri.parse(uri))
                .isEqualTo(new Deployment.Standalone(
                        new NodeAddress(host, port), new Access(Credentials.NONE, tls ? Tls.DEFAULT : null)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"redis://10.0.0.1,10.0.0.2", "rediss://me:secret@[::1]:6379,cache:6380", "redis://a:1,b:2,c:3/0"
            })
    void parse_severalHostsWithASchemeForOneServer_namesTheSchemesForSeveral(String uri) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DeploymentUri.parse(uri))
                .withMessageContaining("names several servers, must name one")
                .withMessageContaining("redis-cluster://HOST,HOST")
                .withMessageNotContainingAny("10.0.0.1", "cache", "secret");
    }

    @ParameterizedTest
    @CsvSource({
        "unix:///run/redis.sock, /run/redis.sock, , ",
        "UNIX:///a@b/c%20d%25.sock, /a@b/c d%.sock, , ",
        "unix://me:s%40cret@/run/redis.sock, /run/redis.sock, me, s@cret",
        "unix://:secret@/a@/b, /a@/b, , secret"
    })
    void parse_unixSocket_isRead(String uri, String path, String user, String password) {
        assertThat(DeploymentUri.parse(uri))
                .isEqualTo(new Deployment.Standalone(
                        NodeAddress.unix(path), new Access(new Credentials(user, password), /* tls= */ null)))
                .extracting(Deployment.Standalone.class::cast)
                .extracting(standalone -> standalone.address().toString())
                .isEqualTo(path);
    }

    @ParameterizedTest
    @CsvSource({
        "redis://secret@h, , secret",
        "redis://:secret@h, , secret",
        "redis://me:secret@h, me, secret",
        "redis://a%40b:p%3A%2F%25%C3%A9@h, a@b, p:/%é",
        "redis://me:p@ss@h, me, p@ss"
    })
    void parse_userInfo_isDecoded(String uri, String user, String password) {
        assertThat(DeploymentUri.parse(uri).access().credentials()).isEqualTo(new Credentials(user, password));
    }

    @Test
    void parse_givenCredentials_overrideTheUri() {
        assertThat(DeploymentUri.parse("redis://me:old@h", /* username= */ null, "new")
                        .access()
                        .credentials())
                .isEqualTo(new Credentials("me", "new"));
        assertThat(DeploymentUri.parse("redis://me:old@h", "you", "new")
                        .access()
                        .credentials())
                .isEqualTo(new Credentials("you", "new"));
    }

    @ParameterizedTest
    @CsvSource({
        "localhost:6379, scheme",
        "http://localhost, scheme",
        "redis://, host",
        "redis://ho st, host",
        "redis://::1, host",
        "redis://[::1, host",
        "redis://[::1]6379, host",
        "redis://h:0, port",
        "redis://h:65536, port",
        "redis://h:abc, port",
        "redis://h/3, path",
        "redis://h/0/x, path",
        "redis://me:%zz@h, password",
        "redis://me:%C3@h, password",
        "redis://me:%4@h, password",
        "redis://me:%+4@h, password",
        "redis://me:%-1@h, password",
        "redis://%zz:x@h, user",
        "redis://me:@h, user",
        "unix://, path",
        "unix:///, path",
        "unix:///run/, path",
        "unix:///run/%00, path",
        "unix:///run/%zz, path",
        "unix://run/redis.sock, path",
        "unix://me:@/run/redis.sock, user",
        "redis://127.1, host",
        "redis://2130706433, host",
        "redis://0x7f.0.0.1, host",
        "redis://0177.0.0.1, host",
        "redis://-h, host",
        "redis://[1.2.3.4], host",
        "redis://me:a%0D%0Ab@h, password",
        "redis://m%0Ae:secret@h, user",
        "unix://m%1be:secret@/run/redis.sock, user"
    })
    void parse_brokenUri_namesTheField(String uri, String field) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DeploymentUri.parse(uri))
                .withMessageStartingWith("the " + field + " ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis://h\r\n", "redis://me:topsecret\r\nAUTH x@h", "redis://h\u0000", "redis\n://h"})
    void parse_controlCharacter_isRefused(String uri) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DeploymentUri.parse(uri))
                .withMessageStartingWith("the URI contains a line break or another control character")
                .satisfies(e -> assertThat(e).message().doesNotContain("topsecret"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DeploymentUri.parse("redis://h", "me\r\n", "secret"))
                .withMessage("the user is 'me\\r\\n', must not contain a control character");
    }

    @Test
    void parse_databaseNumber_isRefusedAsAllDatabasesAreSwept() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DeploymentUri.parse("redis://h/3"))
                .withMessageContaining("'/3'")
                .withMessageContaining("all databases");
    }

    @ParameterizedTest
    @CsvSource({
        "unix://me:secret@/run/a%25b.sock, unix:///run/a%25b.sock",
        "redis://me:secret@h, redis://h:6379",
        "rediss://:secret@[::1]:7000/0, rediss://[::1]:7000"
    })
    void redacted_uriWithCredentials_hasNone(String uri, String redacted) {
        assertThat(DeploymentUri.redacted(DeploymentUri.parse(uri))).isEqualTo(redacted);
    }

    @Test
    void parse_sentinelUri_isThePrimaryWithThatName() {
        Deployment deployment = DeploymentUri.parse(
                "rediss-sentinel://me:secret@s1,s2:5000,[::1]#my%2Emaster",
                Credentials.NONE, new Credentials(/* username= */ null, "hush"), NodeMap.parse("a:1=b:2"));

        assertThat(deployment)
                .isEqualTo(new Deployment.Sentinel(
                        List.of(
                                new NodeAddress("s1", 26_379),
                                new NodeAddress("s2", 5_000),
                                new NodeAddress("::1", 26_379)),
                        "my.master",
                        new Access(new Credentials(/* username= */ null, "hush"), Tls.DEFAULT),
                        new Access(new Credentials("me", "secret"), Tls.DEFAULT),
                        NodeMap.parse("a:1=b:2")));
    }

    @Test
    void parse_clusterUri_isTheClusterWithTheseSeeds() {
        assertThat(DeploymentUri.parse("redis-cluster://secret@h1:7000,h2/"))
                .isEqualTo(new Deployment.Cluster(
                        List.of(new NodeAddress("h1", 7_000), new NodeAddress("h2", 6_379)),
                        new Access(new Credentials(/* username= */ null, "secret"), /* tls= */ null),
                        NodeMap.NONE));
    }

    @Test
    void withOtherNodes_ofACluster_keepsItsLabelAndItsKeyInTheLedger() {
        Deployment.Cluster cluster = (Deployment.Cluster) DeploymentUri.parse("redis-cluster://h1:7000");

        Deployment.Cluster extendedCluster = cluster.withOtherNodes(List.of(new NodeAddress("h2", 7_000)))
                .withOtherNodes(List.of(new NodeAddress("h2", 7_000), new NodeAddress("h3", 7_000)));

        assertThat(extendedCluster.otherNodes()).hasToString("[h2:7000, h3:7000]");
        assertThat(extendedCluster.label()).isEqualTo("h1:7000");

        // The ledger finds raised settings by this key, so the key must not change.
        assertThat(AssistLedger.keyOf(extendedCluster)).isEqualTo(AssistLedger.keyOf(cluster));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis://h:6379",
                "rediss://[::1]:6379",
                "unix:///run/a%25b.sock",
                "redis-sentinel://s1:26379,s2:26379#main",
                "rediss-cluster://h1:7000,[fd00::1]:7001"
            })
    void redacted_uriWithoutCredentials_isTheSameUri(String uri) {
        Deployment deployment = DeploymentUri.parse(uri);

        assertThat(DeploymentUri.redacted(deployment)).isEqualTo(uri);
    }

    @ParameterizedTest
    @CsvSource({
        "r, the scheme is",
        "/, the scheme is",
        "::, the scheme is",
        "redis-sentinel://s1, the name is",
        "redis-sentinel://s1#, the name is",
        "redis-sentinel://#main, the host is",
        "redis-sentinel://s1:x#main, the port is",
        "redis-cluster://, the host is",
        "'redis-cluster://h1,', the host is",
        "redis-cluster://h1/3, the path is"
    })
    void parse_brokenTopology_namesTheField(String uri, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DeploymentUri.parse(uri))
                .withMessageStartingWith(message);
    }

    @Test
    void parse_inapplicableSetting_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DeploymentUri.parse(
                        "redis-cluster://h",
                        Credentials.NONE,
                        new Credentials(/* username= */ null, "hush"),
                        NodeMap.NONE))
                .withMessageContaining("sentinel")
                .satisfies(e -> assertThat(e).message().doesNotContain("hush"));
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        DeploymentUri.parse("redis://h", Credentials.NONE, Credentials.NONE, NodeMap.parse("a:1=b:2")))
                .withMessageStartingWith("the node map is 'a:1=b:2'");
    }

    @Test
    void namesSentinels_ofAnyUri_ignoresTheCaseOfTheScheme() {
        assertThat(DeploymentUri.namesSentinels("redis-sentinel://h#m")).isTrue();
        assertThat(DeploymentUri.namesSentinels("Rediss-SENTINEL://h#m")).isTrue();
        assertThat(DeploymentUri.namesSentinels("redis://h")).isFalse();
        assertThat(DeploymentUri.namesSentinels("redis-cluster://u:-sentinel://@h"))
                .isFalse();
    }
}
