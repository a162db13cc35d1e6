// The text of `/metrics`, in the format of Prometheus. Figures that parts keep anyway; nothing is
// counted for it alone, and nothing in it grows with the number of shows or people.

export type Figures = {
  readonly sockets: number;
  readonly rooms: {
    readonly frames: number;
    readonly deliveries: number;
    readonly bytes: number;
    readonly shedLines: number;
  };
};

/** One line a figure, with its help and type. */
export const metricsText = ({ sockets, rooms }: Figures): string => {
  const memory = process.memoryUsage();
  const cpu = process.cpuUsage();
  const lines: [name: string, type: 'gauge' | 'counter', help: string, value: number][] = [
    ['rialto_sockets', 'gauge', 'Live sockets open now.', sockets],
    ['rialto_frames_total', 'counter', 'Frames written to rooms.', rooms.frames],
    ['rialto_deliveries_total', 'counter', 'Frames delivered to sockets.', rooms.deliveries],
    ['rialto_delivered_bytes_total', 'counter', 'Bytes delivered to sockets.', rooms.bytes],
    [
      'rialto_shed_lines_total',
      'counter',
      'Chat lines that viewers did not get by sampling.',
      rooms.shedLines,
    ],
    [
      'process_cpu_seconds_total',
      'counter',
      'CPU time used by this process.',
      (cpu.user + cpu.system) / 1e6,
    ],
    ['process_resident_memory_bytes', 'gauge', 'Resident memory of this process.', memory.rss],
    ['nodejs_heap_used_bytes', 'gauge', 'JavaScript heap in use.', memory.heapUsed],
  ];
  return lines
    .map(
      ([name, type, help, value]) =>
        `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${name} ${value}\n`,
    )
    .join('');
};
