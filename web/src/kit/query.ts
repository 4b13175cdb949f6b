// Server state by vue-query: GETs are retried twice, only when the network or the server failed.
import { QueryClient } from '@tanstack/vue-query'
import { asProblem } from '@/api/problem'

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      refetchOnWindowFocus: true,
      retry: (count, fault) => count < 2 && asProblem(fault).unknown && asProblem(fault).wait === 0,
      retryDelay: (count) => 400 * 2 ** count,
      networkMode: 'always',
    },
  },
})
