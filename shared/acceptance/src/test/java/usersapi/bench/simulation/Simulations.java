package usersapi.bench.simulation;

import java.util.List;

/** All simulations. They are seeded, so a table changes only with the program or its parameters. */
public final class Simulations {

    private Simulations() {}

    /**
     * The rows of each table.
     *
     * @param throttlingRate requests a second that API Gateway lets through
     * @param throttlingBurst requests above that rate
     * @param lanes of a stream's shard
     * @param settledASecond files that a lane settles
     */
    public static List<String> tables(int throttlingRate, int throttlingBurst, int lanes, int settledASecond) {
        return List.of(HotUser.table(), ThunderingHerd.table(throttlingRate, throttlingBurst), TableOutage.table(),
                new FloodOfFiles(lanes, settledASecond).table());
    }
}
