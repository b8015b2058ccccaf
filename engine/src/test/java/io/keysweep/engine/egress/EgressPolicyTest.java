package io.keysweep.engine.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.keysweep.engine.topology.IpLiteral;
import io.keysweep.engine.topology.NodeAddress;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests to which addresses, ports and Unix sockets a policy allows connections. */
final class EgressPolicyTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "::1",
                "10.1.2.3",
                "172.16.0.1",
                "192.168.1.1",
                "fd00::1",
                "8.8.8.8",
                "2001:db8::1",
                // The neighbour of the address of Alibaba Cloud's metadata service is allowed.
                "100.100.100.201",
                // Addresses that stand for 8.8.8.8: NAT64, Teredo and ISATAP.
                "64:ff9b::808:808",
                "64:ff9b:1::808:808",
                "64:ff9b:1:808:8:800::",
                "64:ff9b:1:0:8:808:800:0",
                "2001:0:102:304::f7f7:f7f7",
                "2001:db8::5efe:808:808",
                // A mapped private address.
                "::ffff:10.0.0.1"
            })
    void obstacleTo_privateLoopbackAndPublicAddresses_isNone(String address) {
        assertThat(EgressPolicy.SERVICE.obstacleTo(ip(address))).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "169.254.169.254",
                // Mapped and compatible IPv4 addresses.
                "::ffff:169.254.169.254",
                "::ffff:a9fe:a9fe",
                "::169.254.169.254",
                // NAT64, 6to4 and translated addresses.
                "64:ff9b::a9fe:a9fe",
                "2002:a9fe:a9fe::1",
                "::ffff:0:a9fe:a9fe",
                // NAT64 with a local prefix, which may have any of the layouts of RFC 6052.
                "64:ff9b:1::a9fe:a9fe",
                "64:ff9b:1:a9fe:a9:fe00::",
                "64:ff9b:1:a9fe:ffa9:fe12:3456:789a",
                "64:ff9b:1:a9:fe:a9fe::",
                "64:ff9b:1:12a9:34fe:a9fe::1",
                "64:ff9b:1:0:a9:fea9:fe00:0",
                "64:ff9b:1:1234:56a9:fea9:fe78:9abc",
                // Teredo, whose last 32 bits are inverted, and ISATAP.
                "2001:0:a9fe:a9fe::1",
                "2001:0:102:304::5601:5601",
                "2001:db8::5efe:a9fe:a9fe",
                "2001:db8::200:5efe:a9fe:a9fe",
                // AWS over IPv6, Alibaba Cloud and Azure.
                "fd00:ec2::254",
                "100.100.100.200",
                "168.63.129.16"
            })
    void obstacleTo_metadataAddress_isNamedByEveryPolicy(String address) {
        EgressPolicy generous = new EgressPolicy(
                IpNetwork.parseList(address + ",0.0.0.0/0,::/0"),
                List.of(),
                List.of(PortRange.ALL),
                /* unixSockets= */ true);
        for (EgressPolicy policy : List.of(EgressPolicy.OPEN, EgressPolicy.SERVICE, generous)) {
            assertThat(policy.obstacleTo(ip(address))).contains("is the metadata service of a cloud");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, 0.0.0.0/8",
        "169.254.1.1, 169.254.0.0/16",
        "224.0.0.1, 224.0.0.0/4",
        "255.255.255.255, 255.255.255.255/32",
        "::, 0:0:0:0:0:0:0:0/128",
        "fe80::1%eth0, fe80:0:0:0:0:0:0:0/10",
        "ff02::1, ff00:0:0:0:0:0:0:0/8",
        "64:ff9b::a9fe:101, 169.254.0.0/16",
        "64:ff9b:1:a9fe:1:100::, 169.254.0.0/16",
        "64:ff9b:1:0:e0:1:100:0, 224.0.0.0/4"
    })
    void obstacleTo_addressThatNoServerCanHave_namesTheNetworkAndTheSetting(String address, String network) {
        assertThat(EgressPolicy.SERVICE.obstacleTo(ip(address)))
                .endsWith(" is in " + network + ", which egress.denied-networks contains");
        assertThat(EgressPolicy.OPEN.obstacleTo(ip(address))).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"64:ff9b:1:a01:2:300::", "64:ff9b:1:a:1:203::", "64:ff9b:1:0:a:102:300:0", "64:ff9b:1::a01:203"})
    void obstacleTo_localNat64AddressOfADeniedNetwork_namesTheNetwork(String address) {
        EgressPolicy policy = new EgressPolicy(
                EgressPolicy.ANYWHERE,
                IpNetwork.parseList("10.0.0.0/8"),
                List.of(PortRange.ALL),
                /* unixSockets= */ true);
        assertThat(policy.obstacleTo(ip(address)))
                .contains(" stands for 10.1.2.3 is in 10.0.0.0/8, which egress.denied-networks contains");
    }

    /**
     * Tests an IPv4-mapped address with which a name server answers. Java keeps it as an IPv6 address, but connects to
     * the IPv4 address.
     */
    @Test
    void obstacleTo_mappedAddressOfANameServer_isJudgedAsTheIpv4Address() throws UnknownHostException {
        // The first bytes of an address in ::ffff:0:0/96; the IPv4 address follows.
        byte[] bytes = new byte[16];
        bytes[10] = (byte) 0xff;
        bytes[11] = (byte) 0xff;
        System.arraycopy(ip("169.254.169.254").getAddress(), 0, bytes, 12, 4);
        InetAddress metadata = Inet6Address.getByAddress("redis.example", bytes, -1);

        assertThat(metadata).isInstanceOf(Inet6Address.class);
        assertThat(EgressPolicy.OPEN.obstacleTo(metadata)).startsWith("169.254.169.254 is the metadata service");

        System.arraycopy(ip("10.0.0.1").getAddress(), 0, bytes, 12, 4);
        InetAddress privateAddress = Inet6Address.getByAddress("redis.example", bytes, -1);
        EgressPolicy onlyPrivate = new EgressPolicy(
                IpNetwork.parseList("10.0.0.0/8"), List.of(), List.of(PortRange.ALL), /* unixSockets= */ false);

        assertThat(onlyPrivate.obstacleTo(privateAddress)).isNull();
    }

    @Test
    void obstacleTo_otherSettings_applyInsteadOfTheDefaults() {
        EgressPolicy policy = new EgressPolicy(
                IpNetwork.parseList("10.0.0.0/8, fd00::/8, 169.254.7.0/24"),
                IpNetwork.parseList("10.9.0.0/16"),
                PortRange.parseList("6379, 7000-7005"),
                /* unixSockets= */ false);

        assertThat(policy.obstacleTo(ip("10.8.0.1"))).isNull();
        assertThat(policy.obstacleTo(ip("169.254.7.1"))).isNull();
        assertThat(policy.obstacleTo(ip("10.9.0.1"))).contains("10.9.0.0/16");
        assertThat(policy.obstacleTo(ip("127.0.0.1")))
                .isEqualTo("127.0.0.1 is in no network of egress.allowed-networks"
                        + " (10.0.0.0/8,fd00:0:0:0:0:0:0:0/8,169.254.7.0/24)");
        assertThat(policy.obstacleToPort(6379)).isNull();
        assertThat(policy.obstacleToPort(7005)).isNull();
        assertThat(policy.obstacleToPort(7006)).isEqualTo("port 7006 is none of egress.ports (6379,7000-7005)");
    }

    @Test
    void obstacleTo_nodeAddress_checksWhatItsTextShows() {
        assertThat(EgressPolicy.SERVICE.obstacleTo(NodeAddress.unix("/run/redis.sock")))
                .contains("egress.unix-sockets");
        assertThat(EgressPolicy.OPEN.obstacleTo(NodeAddress.unix("/run/redis.sock")))
                .isNull();
        assertThat(EgressPolicy.SERVICE.obstacleTo(new NodeAddress("169.254.0.1", 1)))
                .contains("169.254.0.0/16");
        assertThat(EgressPolicy.SERVICE.obstacleTo(new NodeAddress("metadata.google.internal", 80)))
                .as("the obstacle to a name, which is checked only when it is resolved")
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"10.0.0.0/33", "::/129", "10.0.0/8", "host/8", "10.0.0.0/", "fe80::1%eth0/64", "10.0.0.0/-1"})
    void network_invalidText_isRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> IpNetwork.parse(text))
                .withMessageStartingWith("network is ")
                .withMessageContaining("must ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "65536", "1-", "9-8", "a", "1,,2"})
    void ports_invalidText_isRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PortRange.parseList(text))
                .withMessageStartingWith("ports are ");
    }

    private static InetAddress ip(String text) {
        return Objects.requireNonNull(IpLiteral.parse(text));
    }
}
